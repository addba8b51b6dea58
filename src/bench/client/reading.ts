/** The one answer that a connection reads at a time, whatever the framing. */
import type { Tally } from './tally.ts'

export interface Reading {
  /** Undefined between answers. */
  readonly tally: Tally | undefined
  /** The next answer is read; resolves or rejects as `end` and `fail` say. */
  begin(tally: Tally): Promise<void>
  readonly end: () => void
  /** This answer breaks, and all that are begun after it. */
  fail(error: Error): void
  /** Leave it unended. */
  drop(): void
}

export function createReading(): Reading {
  let current: { tally: Tally; done: PromiseWithResolvers<void> } | undefined
  let broken: Error | undefined

  function settle(error?: Error): void {
    const done = current?.done
    current = undefined
    if (error === undefined) done?.resolve()
    else done?.reject(error)
  }

  return {
    get tally() {
      return current?.tally
    },
    begin(tally) {
      const done = Promise.withResolvers<void>()
      current = { tally, done }
      if (broken !== undefined) settle(broken)
      return done.promise
    },
    end() {
      const failed = current?.tally.failed
      settle(failed === undefined ? undefined : new Error(`The answer failed: ${failed}`))
    },
    fail(error) {
      broken ??= error
      settle(broken)
    },
    drop() {
      current = undefined
    },
  }
}
