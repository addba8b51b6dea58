/** What a real server answers is what openapi.yaml says: status, headers, media type and body. */
import t, { type Test } from 'tap'
import { type BuildOptions, type Built, build } from './support/app.ts'
import { contract, createContractJudge, judgeAnswer } from './support/contract.ts'
import { chunks, end, head, reply, say } from './support/script.ts'
import { type Upstream, startUpstream } from './support/upstream.ts'

const judge = await createContractJudge()

interface Call {
  readonly status: number
  readonly body: { readonly id: string; readonly conversation: string; readonly turns: object[] }
  readonly headers: Headers
}
type Ask = (line: string, body?: object, headers?: Record<string, string>) => Promise<Call>

/** Sends `METHOD /path`, and fails the test where the answer is not in the contract. */
const asking =
  (t: Test, { url }: Built): Ask =>
  async (line, body, extra = {}) => {
    const [method = '', path = ''] = line.split(' ')
    const headers = body === undefined ? extra : { 'content-type': 'application/json', ...extra }
    const text = body === undefined ? null : JSON.stringify(body)
    const response = await fetch(`${url}${path}`, { method, headers, body: text })
    const operation = operationOf(method, path)
    if (operation === undefined) throw new Error(`${line} is not in the contract`)
    const { fault, body: said } = await judgeAnswer(judge, operation, response)
    t.equal(fault, undefined, `${line.slice(0, 60)} → ${response.status}`)
    return { status: response.status, headers: response.headers, body: said as Call['body'] }
  }

function operationOf(method: string, path: string) {
  const plain = path.replace(/\?.*$/, '')
  const match = Object.keys(contract.paths).find(known =>
    new RegExp(`^${known.replace(/\{\w+\}/g, '[^/]+')}$`).test(plain),
  )
  return contract.paths[match ?? '']?.[method.toLowerCase()]
}

async function scene(t: Test, options: BuildOptions = {}): Promise<{ ask: Ask; up: Upstream }> {
  const up = await startUpstream(t)
  return { up, ask: asking(t, await build(t, { upstream: up, ...options })) }
}

const api = '/api/ai'
const missing = 'gen_AAAAAAAAAAAAAAAAAAAAAA'
const nowhere = 'cnv_AAAAAAAAAAAAAAAAAAAAAA'

t.test('a generation: started, read, updated, stopped, streamed', async t => {
  const { ask, up } = await scene(t)
  up.play(head(), chunks({ content: 'Hello' }), ({ request }) => request.closed)
  up.play(head(), chunks({ reasoning_content: 'Hm' }), ({ request }) => request.closed)
  const { status, body, headers } = await ask(`POST ${api}/chat/generations`, { message: 'Hi' })
  const { id } = body
  t.equal(status, 201)
  t.equal(headers.get('location'), `${api}/chat/generations/${id}`)
  const one = `${api}/chat/generations/${id}`
  t.equal((await ask(`GET ${one}`)).status, 200)
  const params = { temperature: 0.2 }
  t.equal((await ask(`POST ${one}/update`, { params, mode: 'restart' })).status, 200)
  t.equal((await ask(`POST ${one}/stop`)).status, 200)
  t.equal((await ask(`POST ${one}/stop`)).status, 200)
  t.equal((await ask(`POST ${one}/update`, { params })).status, 409)
  t.equal((await ask(`GET ${one}/events`)).status, 200)
  const { seq } = (await ask(`GET ${one}`)).body as unknown as { seq: number }
  t.equal((await ask(`GET ${one}/events?after=${seq}`)).status, 204)
  const ahead = { 'last-event-id': `${id}:99` }
  t.equal((await ask(`GET ${one}/events`, undefined, ahead)).status, 409)
  t.equal((await ask(`POST ${api}/chat/sse`, { message: 'x' }, ahead)).status, 409)
})

t.test('a chat in each of its three forms, by both methods', async t => {
  const { ask } = await scene(t)
  for (const accept of ['text/event-stream', 'text/plain', 'application/json']) {
    const posted = await ask(`POST ${api}/chat/sse`, { message: 'Hi' }, { accept })
    const got = await ask(`GET ${api}/chat/sse?message=Hi`, undefined, { accept })
    for (const { status, headers } of [posted, got]) {
      t.equal(status, 200)
      t.equal(headers.get('content-type')?.split(';')[0], accept)
    }
  }
})

t.test('conversations and models', async t => {
  const { ask, up } = await scene(t)
  up.always(...say('Once ', 'upon'))
  const accept = { accept: 'application/json' }
  const { body } = await ask(`POST ${api}/chat/sse`, { message: 'A story' }, accept)
  await ask(`POST ${api}/chat/sse`, { message: 'Another' }, accept)
  const one = `${api}/chat/conversations/${body.conversation}`
  t.equal((await ask(`GET ${api}/chat/conversations?limit=1`)).status, 200)
  t.equal((await ask(`GET ${api}/chat/conversations?search=upon`)).status, 200)
  t.equal((await ask(`GET ${one}`)).body.turns.length, 2)
  const [file] = contract.components.schemas['ConversationFile']?.examples ?? []
  const made = await ask(`POST ${api}/chat/conversations`, file)
  t.equal(made.status, 201)
  t.equal(made.headers.get('location'), `${api}/chat/conversations/${made.body.id}`)
  t.equal((await ask(`POST ${api}/chat/conversations`, {})).status, 400)
  t.equal((await ask(`PATCH ${one}`, { title: 'Stories' })).status, 200)
  t.equal((await ask(`PATCH ${one}`, {})).status, 400)
  t.equal((await ask(`DELETE ${one}`)).status, 204)
  t.equal((await ask(`GET ${one}`)).status, 404)
  t.equal((await ask(`GET ${api}/models`)).status, 200)
})

t.test('what a client gets wrong', async t => {
  const { ask } = await scene(t, { env: { MAX_BODY_BYTES: '2000' } })
  const wide = { message: 'x'.repeat(3000) }
  const xml = { 'content-type': 'application/xml' }
  for (const path of ['chat/sse', 'chat/generations']) {
    t.equal((await ask(`POST ${api}/${path}`, { mesage: 'Hi' })).status, 400)
    t.equal((await ask(`POST ${api}/${path}`, { message: 'Hi', model: 'none' })).status, 404)
    t.equal((await ask(`POST ${api}/${path}`, wide)).status, 413)
    t.equal((await ask(`POST ${api}/${path}`, {}, xml)).status, 415)
  }
  t.equal((await ask(`GET ${api}/chat/sse`)).status, 400)
  for (const [id, path] of [
    [missing, `${api}/chat/generations/${missing}`],
    [nowhere, `${api}/chat/conversations/${nowhere}`],
  ] as const) {
    t.equal((await ask(`GET ${path}`)).status, 404)
    t.equal((await ask(`GET ${path.replace(id, 'other')}`)).status, 400)
  }
  for (const [line, body] of [
    [`POST ${api}/chat/generations/${missing}/stop`, undefined],
    [`POST ${api}/chat/generations/${missing}/update`, { mode: 'restart' }],
    [`GET ${api}/chat/generations/${missing}/events`, undefined],
    [`PATCH ${api}/chat/conversations/${nowhere}`, { title: 'x' }],
    [`DELETE ${api}/chat/conversations/${nowhere}`, undefined],
  ] as const) {
    t.equal((await ask(line, body)).status, 404)
  }
  const stop = `POST ${api}/chat/generations/${missing}/stop`
  t.equal((await ask(stop, wide)).status, 413)
  t.equal((await ask(stop, {}, xml)).status, 415)
  const remove = `DELETE ${api}/chat/conversations/${nowhere}`
  t.equal((await ask(remove, wide)).status, 413)
  t.equal((await ask(remove, {}, xml)).status, 415)
})

t.test('who is not let in, or not now', async t => {
  const everywhere = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path.replace(/\{\w+\}/, 'x')}`),
  )
  const { ask } = await scene(t, { env: { API_KEYS: 'secret', RATE_LIMIT_PER_MINUTE: '1' } })
  for (const line of everywhere) {
    const open = !line.includes(' /api/')
    t.equal((await ask(line)).status, open ? 200 : 401)
    t.equal((await ask(line, undefined, { origin: 'https://evil.example' })).status, 403)
  }
  const key = { authorization: 'Bearer secret' }
  t.equal((await ask(`POST ${api}/chat/generations`, { message: 'Hi' }, key)).status, 201)
  const refused = await ask(`POST ${api}/chat/generations`, { message: 'Hi' }, key)
  t.equal(refused.status, 429)
  t.match(refused.headers.get('retry-after'), /^\d+$/)
  t.equal((await ask(`GET ${api}/chat/sse?message=Hi`, undefined, key)).status, 429)
})

t.test('what a model does wrong', async t => {
  const { ask, up } = await scene(t, { env: { FIRST_BYTE_TIMEOUT_MS: '50' } })
  const accept = { accept: 'application/json' }
  up.play(reply(401, { error: { message: 'no' } }))
  t.equal((await ask(`POST ${api}/chat/sse`, { message: 'Hi' }, accept)).status, 502)
  up.play(head(), chunks({ content: 'Hel' }), end)
  t.equal((await ask(`POST ${api}/chat/sse`, { message: 'Hi' }, accept)).status, 502)
  up.play(({ request }) => request.closed)
  t.equal((await ask(`POST ${api}/chat/sse`, { message: 'Hi' }, accept)).status, 504)
  up.play(reply(401, { error: { message: 'no' } }))
  t.equal((await ask(`GET ${api}/chat/sse?message=Hi`)).status, 200, 'as an event')
})

t.test('a server that is going down', async t => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  await app.drain()
  const ask = asking(t, app)
  t.equal((await ask('GET /healthz')).status, 200)
  const refused = await ask('GET /readyz')
  t.equal(refused.status, 503)
  t.match(refused.headers.get('retry-after'), /^\d+$/)
  t.equal((await ask(`POST ${api}/chat/generations`, { message: 'Hi' })).status, 503)
  t.equal((await ask(`POST ${api}/chat/sse`, { message: 'Hi' })).status, 503)
})
