/** "Wake me when something was appended": one pulse a log, one waiter a reader, no queue. */

export interface Waiter {
  /**
   * Resolves at the next `fire`, at once if one happened since the last call, or when the signal
   * that the waiter joined with aborts.
   */
  next(): Promise<void>
  /** Leave the pulse. Whoever joins, leaves. */
  leave(): void
}

export interface Pulse {
  fire(): void
  join(signal: AbortSignal): Waiter
  /** Waiters that have joined and not left. */
  size(): number
}

export function createPulse(): Pulse {
  const waiters = new Set<() => void>()

  return {
    fire() {
      for (const wake of waiters) wake()
    },
    join(signal) {
      // Invariant: `missed` is true only while nobody waits in next().
      let missed = false
      let resolve: (() => void) | undefined
      const wake = (): void => {
        if (resolve === undefined) missed = true
        else resolve()
        resolve = undefined
      }
      // One listener for the life of the reader: adding and removing one at each wait costs more
      // than the wait.
      signal.addEventListener('abort', wake)
      waiters.add(wake)
      return {
        next() {
          if (missed || signal.aborted) {
            missed = false
            return Promise.resolve()
          }
          return new Promise<void>(done => {
            resolve = done
          })
        },
        leave() {
          waiters.delete(wake)
          signal.removeEventListener('abort', wake)
        },
      }
    },
    size: () => waiters.size,
  }
}
