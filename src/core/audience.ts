import { type Clock, LATE_MS } from './clock.ts'
import type { ChatError } from './errors.ts'

/** Who watches a live answer: nobody for too long, and it is abandoned. */
export interface Audience {
  /**
   * A reader came; it leaves when its signal aborts. It reads by the signal that is returned, which
   * aborts with that one, or by `lose`.
   */
  join(signal: AbortSignal): AbortSignal
  /** The log takes nothing now: whoever waits for more is sent away with that error, to come back. */
  lose(error: ChatError): void
  /** The answer has ended: nobody is waited for any more. */
  close(): void
}

/**
 * `orphanMs` bounds an answer that nobody watches, from its start too; `graceMs` is how long after
 * the last reader left, time enough to come back after a drop. Who came back while this process did
 * not run has not been let in yet, so it is waited for as much longer, once.
 */
export function createAudience(
  { orphanMs, graceMs, clock }: { orphanMs: number; graceMs: number; clock: Clock },
  abandoned: () => void,
): Audience {
  const readers = new Set<AbortController>()
  let closed = false
  // Invariant: a timer is pending exactly while nobody watches and the answer is open.
  let cancel = (): void => undefined

  function wait(ms: number): void {
    const due = clock.now() + ms
    cancel = clock.after(ms, () => {
      const late = clock.now() - due
      if (late > LATE_MS) cancel = clock.after(late, abandoned)
      else abandoned()
    })
  }

  wait(orphanMs)
  return {
    join(signal) {
      if (closed) return signal
      const reading = new AbortController()
      const leave = (): void => {
        readers.delete(reading)
        reading.abort(signal.reason)
        if (readers.size === 0 && !closed) wait(graceMs)
      }
      readers.add(reading)
      cancel()
      // Who was gone before it was let in has been here, all the same.
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
      return reading.signal
    },
    lose(error) {
      for (const reading of readers) reading.abort(error)
    },
    close() {
      closed = true
      cancel()
    },
  }
}
