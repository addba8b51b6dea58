import type { Clock } from '../../src/core/clock.ts'

export interface FakeClock extends Clock {
  /** Let so much time pass; what is due is called in its order. */
  move(ms: number): void
  /** Timers that are set. */
  readonly pending: number
}

/** A clock that stands still until it is moved. */
export function fakeClock(): FakeClock {
  let now = 0
  const timers = new Map<symbol, { at: number; call: () => void }>()

  const due = (until: number): [symbol, { at: number; call: () => void }] | undefined =>
    [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0]

  return {
    date: () => now,
    now: () => now,
    after(ms, then) {
      const key = Symbol('timer')
      timers.set(key, { at: now + ms, call: then })
      return () => void timers.delete(key)
    },
    move(ms) {
      const until = now + ms
      for (let next = due(until); next !== undefined; next = due(until)) {
        const [key, { at, call }] = next
        now = at
        timers.delete(key)
        call()
      }
      now = until
    },
    get pending() {
      return timers.size
    },
  }
}
