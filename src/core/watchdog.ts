import { type Clock, LATE_MS } from './clock.ts'

export interface Watchdog {
  /** There was progress. */
  feed(): void
  /** From here on so much silence is enough. */
  hurry(ms: number): void
  stop(): void
}

/**
 * Barks once when nothing was fed for `firstMs` at first, for `idleMs` after that. Feeding sets a
 * number and no timer: a stream feeds it at every batch. Time in which this process did not run is
 * nobody's silence: what came meanwhile has not been heard yet, so it waits as much longer, once.
 */
export function createWatchdog(
  { firstMs, idleMs, clock }: { firstMs: number; idleMs: number; clock: Clock },
  bark: (kind: 'first' | 'idle') => void,
): Watchdog {
  let fed: number | undefined
  let limit = idleMs
  // When `check` is to be called, and how not to.
  let due = 0
  let cancel = (): void => undefined
  let excused = false

  function wait(ms: number): void {
    cancel()
    due = clock.now() + ms
    cancel = clock.after(ms, check)
  }

  function check(): void {
    const now = clock.now()
    if (now - due > LATE_MS && !excused) {
      excused = true
      return wait(now - due)
    }
    if (fed === undefined) return bark('first')
    const left = fed + limit - now
    return left > 0 ? wait(left) : bark('idle')
  }

  wait(firstMs)
  return {
    feed() {
      if (fed === undefined) wait(idleMs)
      fed = clock.now()
      excused = false
    },
    hurry(ms) {
      if (ms >= limit) return
      limit = ms
      wait(ms)
    },
    stop: () => cancel(),
  }
}
