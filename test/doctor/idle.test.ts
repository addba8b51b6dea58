/** Something in between that cuts what is silent, and a model that takes its time. */
import t from 'tap'
import { build } from '../support/app.ts'
import { chunks, end, finish, head, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { connect } from '../support/wire-websocket.ts'
import { rest, textOf } from '../support/wire.ts'
import { stand } from './between.ts'

t.test('a silent answer outlives a proxy that cuts the idle', async t => {
  const upstream = await startUpstream(t)
  const { url } = await build(t, { upstream, env: { HEARTBEAT_MS: '300' } })
  const proxy = await stand(t, url, { idleMs: 1500 })
  const more = Promise.withResolvers<void>()
  upstream.play(head(), until(more.promise), chunks({ content: 'at last' }), finish(), end)
  const sse = await sseWire(proxy).start({ message: 'x' })
  const line = await connect(t, proxy)
  const socket = await line.read({ type: 'attach', generation: sse.generation })
  let pings = 0
  // As many as are sent in more than twice the patience of the proxy.
  await new Promise<void>(done => line.socket.on('ping', () => ++pings === 11 && done()))
  more.resolve()
  t.equal(textOf(await rest(sse)), 'at last')
  t.equal(textOf(await rest(socket)), 'at last')
})
