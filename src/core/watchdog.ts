import type { Clock } from './clock.ts'

export interface Watchdog {
  /** There was progress. */
  feed(): void
  /** From here on so much silence is enough. */
  hurry(ms: number): void
  stop(): void
}

/**
 * Barks once when nothing was fed for `firstMs` at first, for `idleMs` after that. Feeding sets a
 * number and no timer: a stream feeds it at every batch.
 */
export function createWatchdog(
  { firstMs, idleMs, clock }: { firstMs: number; idleMs: number; clock: Clock },
  bark: (kind: 'first' | 'idle') => void,
): Watchdog {
  let fed: number | undefined
  let limit = idleMs
  let cancel = clock.after(firstMs, check)

  function check(): void {
    if (fed === undefined) return bark('first')
    const left = fed + limit - clock.now()
    if (left <= 0) return bark('idle')
    cancel = clock.after(left, check)
  }

  return {
    feed() {
      if (fed === undefined) {
        cancel()
        cancel = clock.after(idleMs, check)
      }
      fed = clock.now()
    },
    hurry(ms) {
      if (ms >= limit) return
      limit = ms
      cancel()
      cancel = clock.after(ms, check)
    },
    stop: () => cancel(),
  }
}
