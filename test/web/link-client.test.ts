/** /client.js as others use it: the file that is served, from Node, against the real server. */
import { readFile } from 'node:fs/promises'
import { get } from 'node:http'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import type * as Client from '../../web/link/link.ts'
import { build } from '../support/app.ts'
import { chunks, finish, head, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { openCable } from './proxy.ts'

const file = new URL('../../dist/web/client.js', import.meta.url)
const { LinkError, openLink } = (await import(file.href)) as typeof Client

/** What a page may load before it says a word. */
const MAX_BYTES = 4096

const textOf = (items: readonly Client.Item[]): string =>
  items.map(item => (item.type === 'text' ? item.text : '')).join('')

function open(t: Test, transport: Client.Transport, options: Client.LinkOptions): Client.Link {
  const end = new AbortController()
  t.teardown(() => end.abort())
  return openLink(transport, { signal: end.signal, pace: { baseMs: 5, capMs: 20 }, ...options })
}

t.test('it is one small module', async t => {
  const code = await readFile(file)
  const bytes = gzipSync(code, { level: 9 }).byteLength
  t.ok(bytes <= MAX_BYTES, `${bytes} bytes gzipped`)
  t.notMatch(code.toString(), /\bimport\b/, 'that imports nothing')
  t.match(code.toString(), /^\/\*! ChatAI client, MIT/)
})

for (const transport of ['sse', 'websocket'] as const) {
  t.test(`${transport} from Node`, async t => {
    t.equal(typeof document, 'undefined')

    await t.test('an answer whose connection is cut comes whole', async t => {
      const app = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '200' } })
      const cable = await openCable(t, app.url)
      const states: string[] = []
      const link = open(t, transport, {
        base: cable.url,
        onState(state) {
          if (state !== states.at(-1)) states.push(state)
          if (state !== 'connected') cable.mend()
        },
      })
      const items: Client.Item[] = []
      for await (const batch of link.events(await link.start({ message: 'count to 60' }), 0)) {
        items.push(...batch)
        if (states.length === 1 && items.length > 20) cable.cut()
      }
      t.same(states, ['connected', 'resuming', 'connected'])
      t.ok(items.every(({ seq }, i) => seq === i + 1))
      t.match(items.at(-1), { type: 'done', reason: 'complete' })
      t.match(textOf(items), /\b58\s+59\s+60\b/)
    })

    await t.test('it is updated and stopped while it is written', async t => {
      const upstream = await startUpstream(t)
      const app = await build(t, { upstream })
      const never = Promise.withResolvers<void>()
      upstream.play(head(), chunks({ content: 'one ' }), until(never.promise))
      upstream.play(head(), chunks({ content: 'two ' }), until(never.promise), finish())
      const link = open(t, transport, { base: app.url })
      const generation = await link.start({ message: 'hello' })
      const items: Client.Item[] = []
      for await (const batch of link.events(generation, 0)) {
        items.push(...batch)
        if (textOf(batch) === 'one ') await link.update(generation, { params: { seed: 7 } })
        if (textOf(batch) === 'two ') await link.stop(generation)
      }
      t.match(
        items.find(({ type }) => type === 'updated'),
        { params: { seed: 7 } },
      )
      t.match(items.at(-1), { type: 'done', reason: 'stopped', by: 'client' })
    })

    await t.test('what is refused is a LinkError', async t => {
      const { url } = await build(t)
      const start = open(t, transport, { base: url }).start({ message: 'x', model: 'none' })
      const error = await start.catch((error: unknown) => error)
      t.ok(error instanceof LinkError)
      t.match(error, { code: 'not_found' })
    })
  })
}

/** Node's own fetch adds headers to a request that has `If-None-Match`. */
const ask = (url: string, headers: Record<string, string>) =>
  new Promise<{ status: number | undefined; headers: Record<string, unknown> }>((resolve, reject) =>
    get(url, { headers }, response => {
      response.resume()
      resolve({ status: response.statusCode, headers: response.headers })
    }).on('error', reject),
  )

t.test('it is asked for each time, and sent when it has changed', async t => {
  const { url } = await build(t)
  for (const [name, type] of Object.entries({
    'client.js': 'application/javascript; charset=utf-8',
    'client.d.ts': 'text/plain; charset=utf-8',
  })) {
    const first = await ask(`${url}/${name}`, {})
    t.match(first, { status: 200, headers: { 'cache-control': 'no-cache', 'content-type': type } })
    const etag = String(first.headers['etag'])
    const again = await ask(`${url}/${name}`, { 'if-none-match': etag })
    t.match(again, { status: 304, headers: { 'cache-control': 'no-cache', etag } }, name)
  }
})

t.test('it can be had without a key, and by sites that are allowed', async t => {
  const origin = 'https://allowed.example'
  const { url } = await build(t, { env: { API_KEYS: 'secret', ALLOWED_ORIGINS: origin } })
  const allowed = await ask(`${url}/client.js`, { origin })
  t.match(allowed, {
    status: 200,
    headers: { 'access-control-allow-origin': origin, vary: 'Origin' },
  })
  t.match(await ask(`${url}/client.js`, { origin: 'https://other.example' }), { status: 403 })
})
