/** Time as the core sees it; tests pass one that they move by hand. */
export interface Clock {
  /** Ms since the epoch: for people, never for order or waiting. */
  date(): number
  /** Monotonic ms. */
  now(): number
  /** Call `then` once after `ms`, unless the returned cancel is called before. */
  after(ms: number, then: () => void): () => void
}

/**
 * The date, but never later than it can be by what has passed: a clock that was set forward makes
 * nothing old.
 */
export function soberDate(clock: Clock): () => number {
  const begun = clock.date() - clock.now()
  return () => Math.min(clock.date(), begun + clock.now())
}

/** A timer that comes so late was held up: the process was busy, or the machine asleep. */
export const LATE_MS = 100

export const systemClock: Clock = {
  date: () => Date.now(),
  now: () => performance.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms)
    return () => clearTimeout(timer)
  },
}
