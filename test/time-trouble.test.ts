/** A clock that jumps, and a process that stands still: time is for people, order is the seq. */
import t, { type Test } from 'tap'
import { createMemoryStore } from '../src/stores/memory.ts'
import { build } from './support/app.ts'
import { fakeClock } from './support/clock.ts'
import { chunks, end, finish, head, say, until } from './support/script.ts'
import { startUpstream } from './support/upstream.ts'
import { sseWire } from './support/wire-sse.ts'
import { connect } from './support/wire-websocket.ts'
import { type Heard, rest, textOf, upTo } from './support/wire.ts'
import { refused } from './transports/scene.ts'

const DAY = 86_400_000

/** What people's clock shows, so much beside the real one. */
function jumpingDate(t: Test): { by: number } {
  const jump = { by: 0 }
  const { now } = Date
  t.intercept(Date, 'now', { value: () => now() + jump.by })
  return jump
}

t.test('a clock that jumps by a day changes neither order nor the answer', async t => {
  const jump = jumpingDate(t)
  const upstream = await startUpstream(t)
  const limits = {
    IDLE_TIMEOUT_MS: '60000',
    ORPHAN_TIMEOUT_MS: '60000',
    RATE_LIMIT_PER_MINUTE: '9',
  }
  const app = await build(t, { upstream, env: limits })
  const wire = sseWire(app.url)
  for (const by of [DAY, -DAY]) {
    jump.by = 0
    const more = Promise.withResolvers<void>()
    const pieces = [chunks({ content: 'one ' }), until(more.promise), chunks({ content: 'two' })]
    upstream.play(head(), ...pieces, finish(), end)
    const reader = await wire.start({ message: 'x' })
    const heard = await upTo(reader, 'text')
    jump.by = by
    const later = wire.attach(reader.generation, 1)
    more.resolve()
    heard.push(...(await rest(reader)))
    t.equal(textOf(heard), 'one two')
    t.match(heard.at(-1)?.event, { type: 'done', reason: 'complete' }, 'no limit was met')
    t.same(
      heard.map(({ event }) => event.seq),
      heard.map((_, i) => i + 1),
    )
    t.same(await rest(await later), heard.slice(1))
    upstream.play(...say('next'))
    t.equal(textOf(await rest(await wire.start({ message: 'y' }))), 'next')
  }
})

t.test('a clock that runs a day ahead forgets nothing before its time', async t => {
  const clock = fakeClock()
  let ahead = 0
  const jumping = { ...clock, date: () => clock.date() + ahead }
  const store = createMemoryStore({ now: jumping.date })
  const upstream = await startUpstream(t)
  const env = { RETENTION_MS: String(DAY / 2) }
  const app = await build(t, { upstream, store, clock: jumping, env })
  const reader = await sseWire(app.url).start({ message: 'x' })
  await rest(reader)
  const isKept = async (): Promise<boolean> =>
    (await store.log.head(reader.generation)) !== undefined
  ahead = DAY
  clock.move(DAY / 4)
  t.ok(await isKept())
  ahead = -DAY
  clock.move(DAY / 8)
  t.ok(await isKept())
  ahead = 0
  clock.move(DAY / 2)
  t.notOk(await isKept(), 'in its time it is forgotten')
})

t.test('a limit counts its minute by no clock that people set', async t => {
  const jump = jumpingDate(t)
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env: { RATE_LIMIT_PER_MINUTE: '1' } })
  const wire = sseWire(app.url)
  await rest(await wire.start({ message: 'x' }))
  for (const by of [DAY, -DAY]) {
    jump.by = by
    const { retryAfter = 0 } = await refused(t, wire.start({ message: 'y' }), 'rate_limited')
    t.ok(retryAfter > 0 && retryAfter <= 60, `after ${retryAfter} s`)
  }
})

/** Nothing of this process runs meanwhile. */
const standStill = (ms: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

t.test('a process that stood still loses nothing and sends nobody away', async t => {
  const upstream = await startUpstream(t)
  const limits = { HEARTBEAT_MS: '300', IDLE_TIMEOUT_MS: '1000', ORPHAN_TIMEOUT_MS: '1000' }
  const app = await build(t, { upstream, env: { ...limits, SLOW_CLIENT_TIMEOUT_MS: '500' } })
  // A piece is on its way when the process stops; the next one waits until it has been read.
  const read = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const pieces = read.map(({ promise }, i) => [
    chunks({ content: `${i} ` }),
    () => standStill(1500),
    until(promise),
  ])
  const begin = Promise.withResolvers<void>()
  upstream.play(head(), until(begin.promise), ...pieces.flat(), finish(), end)
  const sse = await sseWire(app.url).start({ message: 'x' })
  const line = await connect(t, app.url)
  const socket = await line.read({ type: 'attach', generation: sse.generation })
  begin.resolve()
  const two = rest(socket)
  const one: Heard[] = []
  for await (const heard of sse) {
    one.push(heard)
    read[one.length - 2]?.resolve()
  }
  t.equal(textOf(one), '0 1 2 3 ')
  t.match(one.at(-1)?.event, { type: 'done', reason: 'complete' })
  t.same(await two, one)
  t.equal(line.socket.readyState, line.socket.OPEN)
})
