import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { type Failure, parseRetryAfter, patience } from '../../src/providers/failure.ts'
import { type Heard, hear } from '../support/hear.ts'
import { type Step, reply, reset, say } from '../support/script.ts'
import { selfSigned } from '../support/tls.ts'
import { startUpstream } from '../support/upstream.ts'
import { KEY, prepare, provide } from './ask.ts'

/** What must never be told: the key, the vendor's words, addresses, error codes, markup. */
const secrets = new RegExp(`${KEY}|sk-|vendor|127\\.0\\.0\\.1|localhost|invalid|E[A-Z]{4,}|<`)

function failed(t: Test, { error, text }: Heard, expected: object): void {
  t.match(error, { name: 'ChatError', ...expected })
  t.notMatch(error?.message, secrets)
  t.notMatch(JSON.stringify(error?.cause), new RegExp(`${KEY}|vendor|127`))
  t.match(error?.message, /^[A-Z].*\. Please .*\.$|^[A-Z].*\.$/)
  t.equal(text, '')
}

/** Each status: what becomes of it, and after how many requests. */
const statuses: readonly [fact: string, step: Step, code: string, requests: number][] = [
  ['400', reply(400, vendorError()), 'provider_rejected', 1],
  [
    '400 for the context length',
    reply(400, vendorError('context_length_exceeded')),
    'provider_rejected',
    1,
  ],
  ['401', reply(401, vendorError('invalid_api_key')), 'provider_rejected', 1],
  ['402', reply(402, vendorError()), 'provider_rejected', 1],
  ['403', reply(403, vendorError()), 'provider_rejected', 1],
  ['404', reply(404, vendorError('model_not_found')), 'provider_rejected', 1],
  ['413', reply(413, vendorError()), 'provider_rejected', 1],
  ['422', reply(422, vendorError()), 'provider_rejected', 1],
  ['429', reply(429, vendorError('rate_limit_exceeded')), 'provider_unavailable', 3],
  ['429 for the quota', reply(429, vendorError('insufficient_quota')), 'provider_rejected', 1],
  ['500', reply(500, vendorError()), 'provider_unavailable', 3],
  ['502 with a page', reply(502, '<html>vendor</html>'), 'provider_unavailable', 3],
  ['503', reply(503, ''), 'provider_unavailable', 3],
  ['529', reply(529, vendorError('overloaded')), 'provider_unavailable', 3],
  ['a status that does not exist', reply(799, ''), 'provider_unavailable', 3],
]

for (const [fact, step, code, requests] of statuses) {
  t.test(`${fact} is ${code} after ${requests} requests`, async t => {
    const { ask, upstream } = await prepare(t)
    upstream.always(step)
    failed(t, await ask(), { code, retryable: code === 'provider_unavailable' })
    t.equal(upstream.requests.length, requests)
  })
}

function vendorError(code: string | null = null): object {
  return { error: { message: `vendor says ${KEY} is wrong`, type: 'vendor', param: null, code } }
}

t.test('a quota named by the type of the error alone is not tried again', async t => {
  const { ask, upstream } = await prepare(t)
  failed(t, await ask([reply(429, { error: { type: 'insufficient_quota' } })]), {
    code: 'provider_rejected',
  })
  t.equal(upstream.requests.length, 1)
})

t.test('a long Retry-After gives up at once and is passed on', async t => {
  const { ask, upstream } = await prepare(t)
  const error = { code: 'provider_unavailable', retryAfter: 7 }
  failed(t, await ask([reply(429, vendorError(), { 'retry-after': '7' })]), error)
  failed(t, await ask([reply(503, vendorError(), { 'retry-after': '7' })]), error)
  t.equal(upstream.requests.length, 2)
})

t.test('a Retry-After may be a date', async t => {
  const { ask, upstream } = await prepare(t)
  const date = new Date(Date.now() + 30_000).toUTCString()
  const { error } = await ask([reply(429, vendorError(), { 'retry-after': date })])
  t.ok([29, 30].includes(error?.retryAfter ?? 0))
  t.equal(upstream.requests.length, 1)
})

t.test('a Retry-After in the past is none to wait for', async t => {
  const { ask, upstream } = await prepare(t)
  upstream.always(reply(429, vendorError(), { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }))
  failed(t, await ask(), { code: 'provider_unavailable', retryAfter: 0 })
  t.equal(upstream.requests.length, 3)
})

t.test('a Retry-After is read as RFC 9110 writes it', async t => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  const cases: [string | null | undefined, number | undefined][] = [
    [null, undefined],
    [undefined, undefined],
    ['0', 0],
    [' 7 ', 7],
    ['1.2', 2],
    ['soon', undefined],
    ['999999999999', 86_400],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60],
    ['Thu, 01 Jan 2026 00:00:00 GMT', 0],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ]
  for (const [value, seconds] of cases) t.equal(parseRetryAfter(value, now), seconds, `${value}`)
})

t.test('a short Retry-After is waited for, else the pauses double and vary', async t => {
  const busy: Failure = { status: 429, code: undefined, retryAfter: undefined }
  const wait = (failure: Failure, retries: number, jitter: number) =>
    patience(failure, { retries, backoffMs: 400, jitter })
  t.strictSame([wait(busy, 0, 0), wait(busy, 0, 1), wait(busy, 1, 0)], [200, 400, 400])
  t.equal(wait(busy, 2, 0), undefined)
  t.equal(wait({ ...busy, retryAfter: 2 }, 0, 0), 2000)
  t.equal(wait({ ...busy, retryAfter: 0 }, 0, 0), 200)
  t.equal(wait({ ...busy, retryAfter: 3 }, 0, 0), undefined)
})

t.test('a redirect is not followed', async t => {
  const { ask, upstream } = await prepare(t)
  const elsewhere = await startUpstream(t)
  for (const status of [300, 301, 302, 304, 307, 308]) {
    const location = `${elsewhere.baseURL}/chat/completions`
    failed(t, await ask([reply(status, '', { location })]), { code: 'provider_unavailable' })
  }
  t.equal(upstream.requests.length, 6)
  t.equal(elsewhere.connections, 0)
})

t.test('a refused connection is told as unavailable', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  failed(t, await hear(provide(`http://127.0.0.1:${port}/v1`)), {
    code: 'provider_unavailable',
    retryable: true,
    cause: 'ECONNREFUSED',
  })
})

t.test('a host without an address is told as unavailable', async t => {
  const heard = await hear(provide('http://no-such-host.invalid/v1'))
  failed(t, heard, { code: 'provider_unavailable', retryable: true })
})

t.test('a certificate that nobody signed is never trusted, nothing is sent', async t => {
  const upstream = await startUpstream(t, selfSigned)
  for (const url of [upstream.baseURL, upstream.baseURL.replace('127.0.0.1', 'localhost')]) {
    failed(t, await hear(provide(url)), { code: 'provider_unavailable', retryable: true })
  }
  t.equal(upstream.requests.length, 0)
})

t.test('a reset before the response is tried again', async t => {
  const { ask, upstream } = await prepare(t)
  upstream.play(reset)
  upstream.play(reset)
  t.match(await ask(say('Hello')), { text: 'Hello', finish: 'complete' })
  t.equal(upstream.requests.length, 3)
})

t.test('three resets are told as unavailable', async t => {
  const { ask, upstream } = await prepare(t)
  upstream.always(reset)
  failed(t, await ask(), { code: 'provider_unavailable', cause: 'ECONNRESET' })
  t.equal(upstream.requests.length, 3)
})

t.test('what fails once and then works is heard once', async t => {
  const { ask, upstream } = await prepare(t)
  for (const step of [reply(500, 'vendor'), reply(429, vendorError())]) {
    upstream.play(step)
    t.match(await ask(say('Hello')), { text: 'Hello', finish: 'complete', error: undefined })
  }
  t.equal(upstream.requests.length, 4)
})

t.test('an error without end is cut off', async t => {
  const { ask, upstream } = await prepare(t)
  const heard = await ask([
    async ({ response, socket }) => {
      response.writeHead(400)
      while (!socket.destroyed) {
        await new Promise<void>(done => response.write('x'.repeat(65_536), () => done()))
      }
    },
  ])
  failed(t, heard, { code: 'provider_rejected' })
  await upstream.requests[0]?.closed
})
