import type { Clock } from './clock.ts'

/** Who watches a live answer: nobody for too long, and it is abandoned. */
export interface Audience {
  /** A reader came; it leaves when its signal aborts. */
  join(signal: AbortSignal): void
  /** The answer has ended: nobody is waited for any more. */
  close(): void
}

/**
 * `orphanMs` bounds an answer that nobody watches, from its start too; `graceMs` is how long after
 * the last reader left, time enough to come back after a drop.
 */
export function createAudience(
  { orphanMs, graceMs, clock }: { orphanMs: number; graceMs: number; clock: Clock },
  abandoned: () => void,
): Audience {
  let readers = 0
  let closed = false
  // Invariant: a timer is pending exactly while nobody watches and the answer is open.
  let cancel = clock.after(orphanMs, abandoned)

  const leave = (): void => {
    readers--
    if (readers === 0 && !closed) cancel = clock.after(graceMs, abandoned)
  }
  return {
    join(signal) {
      if (closed) return
      readers++
      cancel()
      // Who was gone before it was let in has been here, all the same.
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
    },
    close() {
      closed = true
      cancel()
    },
  }
}
