/** A client that reads all the time is never taken for a slow one, however much there is to read. */
import t from 'tap'
import { build } from '../support/app.ts'
import { chunks, end, finish, head } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { websocketWire } from '../support/wire-websocket.ts'
import { rest, textOf } from '../support/wire.ts'

/** Together far more than the buffers of a connection and the server's own for a client. */
const PIECE = 'x'.repeat(200_000)
const PIECES = 80

t.test('a long log is poured as fast as it is read, on both transports', async t => {
  const upstream = await startUpstream(t)
  const said = Array.from({ length: PIECES }, () => chunks({ content: PIECE }))
  upstream.play(head(), ...said, finish(), end)
  // Whoever waited for this would wait longer than the test may take.
  const env = {
    SLOW_CLIENT_TIMEOUT_MS: '3600000',
    MAX_BUFFER_BYTES: '65536',
    MAX_OUTPUT_BYTES: String(2 * PIECE.length * PIECES),
  }
  const app = await build(t, { upstream, env })
  const sse = sseWire(app.url)
  const first = await sse.start({ message: 'x' })
  t.equal(textOf(await rest(first)).length, PIECE.length * PIECES, 'as it was written')
  for (const wire of [sse, websocketWire(t, app.url)]) {
    const read = await rest(await wire.attach(first.generation))
    t.equal(textOf(read).length, PIECE.length * PIECES, `again over ${wire.name}`)
  }
  const bare = await fetch(`${app.url}/api/ai/chat/generations/${first.generation}/events`)
  t.match(await bare.text(), /"type":"done"/, 'and the end is there')
})
