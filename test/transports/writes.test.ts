/** What an event costs, counted: one serialisation whoever reads it, one write a batch. */
import { Socket } from 'node:net'
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { type Step, chunk, end, finish, head, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { websocketWire } from '../support/wire-websocket.ts'
import { type Reader, type Wire, rest } from '../support/wire.ts'

const PIECE = 'four'

/** So many chunks in one write. */
const burst =
  (count: number): Step =>
  ({ response }) =>
    void response.write(
      `data: ${JSON.stringify(chunk({ delta: { content: PIECE } }))}\n\n`.repeat(count),
    )

/** Counts the texts of events that are made, and the writes of ours that carry some of them. */
function count(t: Test): { serialised: () => number; writes: () => number } {
  let serialised = 0
  let writes = 0
  const { stringify } = JSON
  t.intercept(JSON, 'stringify', {
    value(value: { generation?: unknown; seq?: unknown }, ...more: []) {
      if (value?.generation !== undefined && value.seq !== undefined) serialised++
      return stringify(value, ...more)
    },
    writable: true,
  })
  const write = Socket.prototype.write as (...args: unknown[]) => boolean
  t.intercept(Socket.prototype, 'write', {
    value(this: Socket, piece: string | Buffer, ...more: unknown[]) {
      if (piece.toString('utf8').includes('"type":"text"')) writes++
      return write.call(this, piece, ...more)
    },
    // Sockets of other libraries bring their own.
    writable: true,
  })
  return { serialised: () => serialised, writes: () => writes }
}

/** An answer that two clients of each transport read from its beginning. */
async function scene(t: Test, ...bursts: number[]) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const attached = Promise.withResolvers<void>()
  const gaps = bursts.map(() => Promise.withResolvers<void>())
  const steps = bursts.flatMap((size, i) => [
    burst(size),
    until(gaps[i]?.promise ?? attached.promise),
  ])
  upstream.play(head(), until(attached.promise), ...steps, finish(), end)
  const wires: Wire[] = [sseWire(app.url), websocketWire(t, app.url)]
  const first = await wires[0]?.start({ message: 'x' })
  const { generation } = first as Reader
  const others = await Promise.all([1, 0, 1].map(at => (wires[at] as Wire).attach(generation)))
  return { readers: [first as Reader, ...others], attached, gaps }
}

t.test('an event is serialised once, whoever reads it, and by either transport', async t => {
  const { serialised } = count(t)
  const { readers, attached, gaps } = await scene(t, 1, 1, 1)
  attached.resolve()
  for (const gap of gaps) gap.resolve()
  const heard = await Promise.all(readers.map(reader => rest(reader)))
  const events = heard[0]?.length ?? 0
  t.ok(events >= 4)
  t.ok(heard.every(one => one.length === events))
  t.equal(serialised(), events)
})

t.test('50 chunks that arrive together leave in one write to each reader', async t => {
  const { writes } = count(t)
  const { readers, attached, gaps } = await scene(t, 50)
  attached.resolve()
  gaps[0]?.resolve()
  const heard = await Promise.all(readers.map(reader => rest(reader)))
  t.equal(writes(), readers.length)
  for (const one of heard) {
    const said = one.map(({ event }) => (event.type === 'text' ? event.text : '')).join('')
    t.equal(said, PIECE.repeat(50))
  }
})

t.test('what an answer begins with leaves in one write', async t => {
  const writes: string[] = []
  const { _writev: writev } = Socket.prototype
  t.intercept(Socket.prototype, '_writev', {
    value(this: Socket, pieces: { chunk: string | Buffer }[], done: () => void) {
      writes.push(pieces.map(({ chunk }) => chunk.toString('utf8')).join(''))
      return writev?.call(this, pieces as never, done)
    },
    writable: true,
  })
  const { readers, attached, gaps } = await scene(t, 1)
  attached.resolve()
  gaps[0]?.resolve()
  await Promise.all(readers.map(reader => rest(reader)))
  const begins = (first: string): number =>
    writes.filter(write => write.includes(first) && write.includes('"type":"started"')).length
  t.equal(begins('content-type: text/event-stream'), 2)
  t.equal(begins('"type":"accepted"'), 2)
})
