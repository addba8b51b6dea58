/** A reader that takes nothing costs its buffer and a cursor, and nobody else notices. */
import { once } from 'node:events'
import { connect as dial } from 'node:net'
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { chunks, end, finish, head } from '../support/script.ts'
import { readers } from '../support/readers.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { connect } from '../support/wire-websocket.ts'
import { rest, textOf } from '../support/wire.ts'

/** More than the kernel's buffers on both sides of a loopback connection and ours together. */
const PIECE = 'x'.repeat(500_000)
const PIECES = 32
const WHOLE = PIECE.length * PIECES

async function scene(t: Test) {
  const upstream = await startUpstream(t)
  upstream.always(
    head(),
    ...Array.from({ length: PIECES }, () => chunks({ content: PIECE })),
    finish(),
    end,
  )
  const env = { SLOW_CLIENT_TIMEOUT_MS: '500', MAX_OUTPUT_BYTES: String(2 * WHOLE) }
  return build(t, { upstream, env })
}

t.test('a WebSocket that is not read is closed with 4408 and can go on where it was', async t => {
  const app = await scene(t)
  const line = await connect(t, app.url)
  const started = once(line.socket, 'message')
  const { generation } = await line.command({ type: 'start', message: 'x' })
  await started
  line.socket.pause()
  const whole = await rest(await sseWire(app.url).attach(generation))
  t.equal(textOf(whole).length, WHOLE, 'others have it all meanwhile')
  while ((await readers(app.url)) > 0) continue
  const closed = once(line.socket, 'close')
  line.socket.resume()
  const [code] = (await closed) as [number]
  t.equal(code, 4408)
  const again = await connect(t, app.url)
  t.equal(textOf(await rest(await again.read({ type: 'attach', generation }))).length, WHOLE)
})

t.test('an SSE response that is not read is cut and can be resumed', async t => {
  const app = await scene(t)
  const { port, host } = new URL(app.url)
  const socket = dial(Number(port), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(`GET /api/ai/chat/sse?message=x HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  const [first] = (await once(socket, 'data')) as [Buffer]
  socket.pause()
  const generation = /id: (gen_[\w-]{22}):1/.exec(first.toString())?.[1] ?? ''
  t.equal(textOf(await rest(await sseWire(app.url).attach(generation))).length, WHOLE)
  while ((await readers(app.url)) > 0) continue
  const closed = once(socket, 'close')
  socket.resume()
  await closed
  t.equal(textOf(await rest(await sseWire(app.url).attach(generation))).length, WHOLE)
})
