/** What waits for time, with a clock that is moved by hand. */
import t from 'tap'
import { createAudience } from '../../src/core/audience.ts'
import { createWatchdog } from '../../src/core/watchdog.ts'
import { fakeClock } from '../support/clock.ts'

const limits = { firstMs: 100, idleMs: 50 }

t.test('a watchdog barks once when nothing ever comes', async t => {
  const clock = fakeClock()
  const barks: string[] = []
  createWatchdog({ ...limits, clock }, kind => barks.push(kind))
  clock.move(99)
  t.same(barks, [])
  clock.move(1)
  t.same(barks, ['first'])
  clock.move(1000)
  t.same(barks, ['first'])
})

t.test('a fed watchdog counts from the last progress, with one timer', async t => {
  const clock = fakeClock()
  const barks: string[] = []
  const watchdog = createWatchdog({ ...limits, clock }, kind => barks.push(kind))
  for (let i = 0; i < 10; i++) {
    watchdog.feed()
    clock.move(40)
  }
  t.same(barks, [])
  t.equal(clock.pending, 1)
  clock.move(10)
  t.same(barks, ['idle'])
})

t.test('a stopped watchdog is quiet and leaves no timer', async t => {
  const clock = fakeClock()
  const watchdog = createWatchdog({ ...limits, clock }, () => t.fail('it barked'))
  watchdog.feed()
  watchdog.stop()
  t.equal(clock.pending, 0)
  clock.move(1000)
})

t.test('a hurried watchdog waits no longer than it is told', async t => {
  const clock = fakeClock()
  const barks: string[] = []
  const watchdog = createWatchdog({ ...limits, clock }, kind => barks.push(kind))
  watchdog.feed()
  watchdog.hurry(10)
  watchdog.hurry(1000)
  clock.move(10)
  t.same(barks, ['idle'])
})

t.test('a watchdog whose process was held up listens once more before it barks', async t => {
  const clock = fakeClock()
  let late = 0
  const held = { ...clock, now: () => clock.now() + late }
  const barks: string[] = []
  const watchdog = createWatchdog({ ...limits, clock: held }, kind => barks.push(kind))
  watchdog.feed()
  late = 4000
  clock.move(50)
  t.same(barks, [], 'what came in the meantime is not heard yet')
  watchdog.feed()
  clock.move(4000)
  t.same(barks, ['idle'], 'and then it is silence as any other')
})

t.test('a process that is always late has silences too', async t => {
  const clock = fakeClock()
  const late = { ...clock, after: (ms: number, then: () => void) => clock.after(ms + 200, then) }
  const barks: string[] = []
  createWatchdog({ ...limits, clock: late }, kind => barks.push(kind))
  clock.move(1000)
  t.same(barks, ['first'])
})

const patience = { orphanMs: 100, graceMs: 10 }

t.test('an answer that nobody ever watches is abandoned after the orphan limit', async t => {
  const clock = fakeClock()
  let abandoned = 0
  createAudience({ ...patience, clock }, () => abandoned++)
  clock.move(99)
  t.equal(abandoned, 0)
  clock.move(1)
  t.equal(abandoned, 1)
})

t.test('the grace begins when the last reader leaves, and ends when one comes back', async t => {
  const clock = fakeClock()
  let abandoned = 0
  const audience = createAudience({ ...patience, clock }, () => abandoned++)
  const readers = [new AbortController(), new AbortController()]
  for (const { signal } of readers) audience.join(signal)
  clock.move(1000)
  readers[0]?.abort()
  clock.move(1000)
  t.equal(abandoned, 0, 'one is still there')
  readers[1]?.abort()
  clock.move(9)
  const back = new AbortController()
  audience.join(back.signal)
  clock.move(1000)
  t.equal(abandoned, 0, 'it came back in time')
  back.abort()
  clock.move(10)
  t.equal(abandoned, 1)
})

t.test('a reader that was gone before it joined has left', async t => {
  const clock = fakeClock()
  let abandoned = 0
  const audience = createAudience({ ...patience, clock }, () => abandoned++)
  audience.join(AbortSignal.abort())
  clock.move(10)
  t.equal(abandoned, 1)
})

t.test('who came back while the process was held up is let in before it is too late', async t => {
  const clock = fakeClock()
  let late = 0
  const held = { ...clock, now: () => clock.now() + late }
  let abandoned = 0
  const audience = createAudience({ ...patience, clock: held }, () => abandoned++)
  const first = new AbortController()
  audience.join(first.signal)
  first.abort()
  late = 4000
  clock.move(10)
  t.equal(abandoned, 0, 'whoever has come is not let in yet')
  const back = new AbortController()
  audience.join(back.signal)
  clock.move(10_000)
  t.equal(abandoned, 0)
  late = 0
  back.abort()
  late = 4000
  clock.move(10)
  clock.move(4000)
  t.equal(abandoned, 1, 'nobody came')
})

t.test('after the end nobody is waited for', async t => {
  const clock = fakeClock()
  const audience = createAudience({ ...patience, clock }, () => t.fail('abandoned'))
  const reader = new AbortController()
  audience.join(reader.signal)
  audience.close()
  reader.abort()
  t.equal(clock.pending, 0)
  clock.move(1000)
})
