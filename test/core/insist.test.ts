/** What is tried again until the store takes it. */
import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { insist } from '../../src/core/insist.ts'
import { fakeClock } from '../support/clock.ts'

/** A store that refuses so often before it takes anything. */
function stubborn(times: number) {
  const clock = fakeClock()
  const closing = new AbortController()
  const refusals: unknown[] = []
  let tries = 0
  const keep = async (): Promise<void> => {
    if (++tries <= times) throw new Error(`refused ${tries}`)
  }
  const options = {
    clock,
    closing: closing.signal,
    refused: (error: unknown) => refusals.push(error),
  }
  return { clock, closing, refusals, tries: () => tries, done: insist(keep, options) }
}

t.test('asks once a second until it is kept, and tells each refusal', async t => {
  const { clock, refusals, tries, done } = stubborn(3)
  for (let asked = 1; asked <= 3; asked++) {
    await turn()
    t.equal(tries(), asked)
    clock.move(999)
    await turn()
    t.equal(tries(), asked)
    clock.move(1)
  }
  await done
  t.same(refusals.map(String), ['Error: refused 1', 'Error: refused 2', 'Error: refused 3'])
})

t.test('each wait takes its listener with it', async t => {
  const { clock, closing, done } = stubborn(3)
  for (let asked = 1; asked <= 3; asked++) {
    await turn()
    t.equal(getEventListeners(closing.signal, 'abort').length, 1)
    clock.move(1000)
  }
  await done
  t.equal(getEventListeners(closing.signal, 'abort').length, 0)
})

t.test('asks no more once the server goes down', async t => {
  const { clock, closing, tries } = stubborn(Infinity)
  await turn()
  closing.abort()
  t.equal(clock.pending, 0)
  const late = stubborn(Infinity)
  late.closing.abort()
  await turn()
  t.equal(late.clock.pending, 0)
  clock.move(10_000)
  await turn()
  t.equal(tries(), 1)
})
