import { getEventListeners } from 'node:events'
import t from 'tap'

import { createPulse } from '../../src/core/pulse.ts'

/** Whether it has resolved after a turn of the event loop. */
async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false
  void promise.then(() => (over = true))
  await new Promise(setImmediate)
  return over
}

void t.test('wakes every waiter that waits', async t => {
  const pulse = createPulse()
  const { signal } = new AbortController()
  const waits = [1, 2, 3].map(() => pulse.join(signal).next())
  t.equal(await isOver(waits[0] ?? Promise.resolve()), false)
  pulse.fire()
  await Promise.all(waits)
  t.equal(pulse.size(), 3)
})

void t.test('remembers one fire for a waiter that was not waiting', async t => {
  const pulse = createPulse()
  const waiter = pulse.join(new AbortController().signal)
  pulse.fire()
  pulse.fire()
  await waiter.next()
  t.equal(await isOver(waiter.next()), false)
})

void t.test('forgets what was fired before the waiter joined', async t => {
  const pulse = createPulse()
  pulse.fire()
  t.equal(await isOver(pulse.join(new AbortController().signal).next()), false)
})

void t.test('wakes once for each fire while it is waited for', async t => {
  const pulse = createPulse()
  const waiter = pulse.join(new AbortController().signal)
  for (let i = 0; i < 3; i++) {
    const next = waiter.next()
    t.equal(await isOver(next), false)
    pulse.fire()
    await next
  }
})

void t.test('wakes at the abort of the signal, and at once ever after', async t => {
  const pulse = createPulse()
  const abort = new AbortController()
  const waiter = pulse.join(abort.signal)
  const next = waiter.next()
  abort.abort()
  await next
  await waiter.next()
  await waiter.next()
  await pulse.join(abort.signal).next()
  t.equal(pulse.size(), 2)
})

void t.test('a waiter that left is not woken, and leaves no listener', async t => {
  const pulse = createPulse()
  const { signal } = new AbortController()
  const waiters = Array.from({ length: 20 }, () => pulse.join(signal))
  t.equal(pulse.size(), 20)
  t.equal(getEventListeners(signal, 'abort').length, 20)
  const next = waiters[0]?.next() ?? Promise.resolve()
  for (const waiter of waiters) {
    waiter.leave()
    waiter.leave()
  }
  pulse.fire()
  t.equal(await isOver(next), false)
  t.equal(pulse.size(), 0)
  t.equal(getEventListeners(signal, 'abort').length, 0)
})
