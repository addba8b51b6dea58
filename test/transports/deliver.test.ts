/** The one loop that pours a log into a client, and its one rule of waiting. */
import { EventEmitter } from 'node:events'
import t from 'tap'
import type { Started } from '../../src/core/event.ts'
import { follow } from '../../src/core/log.ts'
import { createMemoryStore } from '../../src/stores/memory.ts'
import { type Outlet, deliver } from '../../src/transports/deliver.ts'

const started: Started = { type: 'started', conversation: null, model: 'm', params: {}, at: 0 }
const text = { type: 'text', text: 'x' } as const
const done = { type: 'done', reason: 'complete' } as const
const patience = { bufferBytes: 100, slowMs: 1000 }

/** A socket that is as full as the test says. */
function fakeOutlet() {
  const sink = Object.assign(new EventEmitter(), { writableLength: 0 })
  const writes: number[][] = []
  const outlet: Outlet = { sink, write: lines => void writes.push(lines.map(({ seq }) => seq)) }
  return { sink, writes, outlet }
}

async function openLog() {
  const { log } = createMemoryStore()
  await log.create('gen_a', started)
  const gone = new AbortController()
  const lines = follow(log, { generation: 'gen_a', after: 0 }, gone.signal)
  return { log, gone, lines }
}

t.test('all that arrived together leaves in one write', async t => {
  const { log, gone, lines } = await openLog()
  const { writes, outlet } = fakeOutlet()
  await log.append(
    'gen_a',
    Array.from({ length: 50 }, () => text),
  )
  const delivered = deliver(lines, outlet, { ...patience, signal: gone.signal })
  await log.append('gen_a', [text, done])
  t.equal(await delivered, 'done')
  t.equal(writes.flat().length, 53)
  t.ok(writes.length <= 2, `${writes.length} writes for two batches`)
})

t.test('nothing is read for a client while its socket is full', async t => {
  const { log, gone, lines } = await openLog()
  const { sink, writes, outlet } = fakeOutlet()
  sink.writableLength = 100
  const delivered = deliver(lines, outlet, { ...patience, signal: gone.signal })
  for (let i = 0; i < 5; i++) await log.append('gen_a', [text])
  t.equal(writes.length, 1, 'what was read before it was full')
  sink.writableLength = 0
  sink.emit('drain')
  await log.append('gen_a', [done])
  t.equal(await delivered, 'done')
  t.same(writes.flat(), [1, 2, 3, 4, 5, 6, 7], 'and nothing of it was lost')
  t.equal(sink.listenerCount('drain') + sink.listenerCount('close'), 0)
})

t.test('a client that takes nothing for too long is given up', async t => {
  const { gone, lines } = await openLog()
  const { sink, outlet } = fakeOutlet()
  sink.writableLength = 100
  t.equal(await deliver(lines, outlet, { ...patience, slowMs: 1, signal: gone.signal }), 'slow')
})

t.test('a client that takes a little is waited for', async t => {
  const { log, gone, lines } = await openLog()
  const { sink, outlet } = fakeOutlet()
  let left = 500
  Object.defineProperty(sink, 'writableLength', { get: () => (left -= 50) })
  await log.append('gen_a', [done])
  t.equal(await deliver(lines, outlet, { ...patience, slowMs: 1, signal: gone.signal }), 'done')
})

t.test(
  'what must be written first is waited for, and nothing is written after an abort',
  async t => {
    const { gone, lines } = await openLog()
    const { writes, outlet } = fakeOutlet()
    const first = Promise.withResolvers<void>()
    const gated: Outlet = { ...outlet, ready: () => first.promise }
    const delivered = deliver(lines, gated, { ...patience, signal: gone.signal })
    gone.abort()
    first.resolve()
    t.equal(await delivered, 'gone')
    t.same(writes, [])
  },
)
