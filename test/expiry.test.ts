/** Connections that are ended because their token has ended, or because they are old. */
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { build } from './support/app.ts'
import { fakeClock } from './support/clock.ts'
import { startIssuer } from './support/issuer.ts'
import { chunks, end, finish, head, until } from './support/script.ts'
import { startUpstream } from './support/upstream.ts'
import { sseWire } from './support/wire-sse.ts'
import { connect } from './support/wire-websocket.ts'
import { rest, textOf, upTo } from './support/wire.ts'

const MINUTE = 60_000
const FOREVER = '2147483647'

async function scene(t: Test, env: Record<string, string> = {}) {
  const clock = fakeClock()
  const issuer = await startIssuer(t)
  const upstream = await startUpstream(t)
  const limits = { FIRST_BYTE_TIMEOUT_MS: FOREVER, IDLE_TIMEOUT_MS: FOREVER }
  const all = { ...issuer.env, ...limits, ORPHAN_TIMEOUT_MS: FOREVER, ...env }
  const app = await build(t, { clock, upstream, env: all })
  const more = Promise.withResolvers<void>()
  const tail = [chunks({ content: 'two' }), finish(), end]
  upstream.always(head(), chunks({ content: 'one ' }), until(more.promise), ...tail)
  return {
    app,
    clock,
    more,
    token: (minutes: number) => issuer.token({ exp: clock.date() / 1000 + minutes * 60 }),
  }
}

t.test('the streams of a token end with it, and go on with the next', async t => {
  const { app, clock, more, token } = await scene(t)
  const [short, long] = [await token(5), await token(60)]
  const line = await connect(t, app.url, short)
  const socket = await line.read({ type: 'start', message: 'x' })
  const stream = await sseWire(app.url, short).start({ message: 'y' })
  const other = await sseWire(app.url, long).attach(stream.generation)
  const heard = [await upTo(stream, 'text'), await upTo(socket, 'text'), await upTo(other, 'text')]
  const closed = once(line.socket, 'close')

  clock.move(4.5 * MINUTE)
  t.equal(line.socket.readyState, line.socket.OPEN, 'not before it')
  clock.move(1.5 * MINUTE)
  const [code, reason] = (await closed) as [number, Buffer]
  t.equal(code, 4401)
  t.match(String(reason), /sign in/)
  t.same(await rest(stream), [], 'the stream ends where it is')

  const after = { 'last-event-id': `${stream.generation}:${heard[0]?.length}` }
  const resume = async (key: string): Promise<Response> =>
    fetch(`${app.url}/api/ai/chat/sse`, { headers: { ...after, authorization: `Bearer ${key}` } })
  t.equal((await resume(short)).status, 401)
  await t.rejects(connect(t, app.url, short), { message: /401/ })
  more.resolve()
  t.match(await (await resume(long)).text(), /"text":"two"[\s\S]*"type":"done"/)
  t.equal(textOf([...(heard[2] ?? []), ...(await rest(other))]), 'one two', 'others go on')
})

t.test('an old connection is sent away, to come back', async t => {
  const { app, clock, more, token } = await scene(t, {
    CONNECTION_LIFETIME_MS: String(10 * MINUTE),
  })
  const key = await token(600)
  const line = await connect(t, app.url, key)
  const socket = await line.read({ type: 'start', message: 'x' })
  const stream = await sseWire(app.url, key).attach(socket.generation)
  const heard = await upTo(stream, 'text')
  const closed = once(line.socket, 'close')
  clock.move(8.5 * MINUTE)
  t.equal(line.socket.readyState, line.socket.OPEN, 'no more than a tenth of its life earlier')
  clock.move(2 * MINUTE)
  t.equal(((await closed) as [number])[0], 1001)
  t.same(await rest(stream), [])
  more.resolve()
  heard.push(...(await rest(await sseWire(app.url, key).attach(stream.generation, heard.length))))
  t.equal(textOf(heard), 'one two')
})

t.test('nothing is looked for while nobody is there', async t => {
  const { app, clock, token } = await scene(t)
  const before = clock.pending
  const line = await connect(t, app.url, await token(60))
  t.equal(clock.pending, before + 1)
  line.socket.close()
  await once(line.socket, 'close')
  while (clock.pending > before) await new Promise(setImmediate)
})
