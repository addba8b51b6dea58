/** Answers that are started, read and dropped half-way leave nothing behind: counted, not timed. */
import { getActiveResourcesInfo } from 'node:process'
import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Store } from '../src/core/conversation.ts'
import { createMemoryStore } from '../src/stores/memory.ts'
import { type Built, build, connections } from './support/app.ts'
import { chunks, end, finish, head, until } from './support/script.ts'
import { readers } from './support/readers.ts'
import { type Upstream, startUpstream } from './support/upstream.ts'
import { sseWire } from './support/wire-sse.ts'
import { websocketWire } from './support/wire-websocket.ts'
import { type Wire, take } from './support/wire.ts'

const BATCH = 20
const BATCHES = 20

/** A store that counts the waiters in its logs. */
function counted(): { store: Store; waiting: () => number } {
  const store = createMemoryStore()
  let waiting = 0
  const watch: Store['log']['watch'] = (generation, signal) => {
    const waiter = store.log.watch(generation, signal)
    waiting++
    return {
      next: () => waiter.next(),
      leave() {
        waiting--
        waiter.leave()
      },
    }
  }
  return { store: { ...store, log: { ...store.log, watch } }, waiting: () => waiting }
}

/** Start answers on each transport, read two events of each, drop, and let half of them be stopped. */
async function batch(wires: readonly Wire[], upstream: Upstream): Promise<string[]> {
  const never = Promise.withResolvers<void>()
  upstream.always(head(), chunks({ content: 'half' }), until(never.promise), finish(), end)
  const generations = await Promise.all(
    Array.from({ length: BATCH }, async (_, i) => {
      const wire = wires[i % wires.length]
      if (wire === undefined) throw new Error('no transport')
      const reader = await wire.start({ message: 'x' })
      await take(reader, 2)
      reader.drop()
      if (i % 4 < 2) await wire.stop(reader.generation)
      return reader.generation
    }),
  )
  never.resolve()
  return generations
}

/** Resolves when all that the batch was about has ended. */
async function settled(app: Built): Promise<void> {
  while (app.chat.live > 0) await turn()
  // The stops of the SSE client went over connections that it keeps.
  while ((await connections(app)) > BATCH) await turn()
}

const count = (kind: string): number =>
  getActiveResourcesInfo().filter(name => name === kind).length

t.test(`${BATCH * BATCHES} dropped answers leave no reader, timer or socket`, async (t: Test) => {
  const upstream = await startUpstream(t)
  const { store, waiting } = counted()
  const app = await build(t, { upstream, store, env: { RATE_LIMIT_PER_MINUTE: '100000' } })
  const wires = [sseWire(app.url), websocketWire(t, app.url)]
  const seen: { timers: number; sockets: number }[] = []
  for (let i = 0; i < BATCHES; i++) {
    const generations = await batch(wires, upstream)
    await settled(app)
    t.equal(waiting(), 0, 'no waiter is left in a log')
    t.equal(await readers(app.url), 0, 'no reader is counted')
    for (const id of generations) t.ok((await app.chat.generation(id)).end, 'each has its end')
    seen.push({ timers: count('Timeout'), sockets: count('TCPSocketWrap') })
  }
  // The first batches fill the pools of connections that clients keep; after that nothing grows.
  const [, early = { timers: 0, sockets: 0 }] = seen
  const late = seen.at(-1) ?? early
  t.ok(late.timers <= early.timers, `timers: ${early.timers} → ${late.timers}`)
  t.ok(late.sockets <= early.sockets + BATCH, `sockets: ${early.sockets} → ${late.sockets}`)
})
