import type { Live } from './sqlite-live.ts'

/** The numbering of journal rows, and which of them are still needed. */
export interface Journal {
  /** The row that the next transaction writes. */
  next(): number
  /** That row was kept and is so long. */
  kept(bytes: number): void
  /** A few generations that hold up the trimming of the journal and must get their page now. */
  overdue(): readonly Live[]
  /** Rows before this one are needed no more. */
  bound(): number
}

/**
 * How far the journal may reach back for a generation that says little: a start reads no more than
 * about this (0.1 s for 8 MiB). It is more than all tails together may hold.
 */
const JOURNAL_BYTES = 64 * 1024 * 1024
const STEP_BYTES = 4 * 1024 * 1024

/** What one transaction does for others: less than a ms. */
const OVERDUE_AT_ONCE = 8

export function createJournal(last: number, lives: ReadonlyMap<string, Live>): Journal {
  let n = last
  let bytes = 0
  /** The first row of each of the last steps. */
  const steps: number[] = []
  let waiting: Live[] = []

  function step(): void {
    bytes = 0
    steps.push(n)
    if (steps.length <= JOURNAL_BYTES / STEP_BYTES) return
    const stale = steps.shift() ?? 0
    waiting = [...lives.values()].filter(live => live.since <= stale)
  }

  return {
    next: () => n + 1,
    kept(size) {
      n++
      bytes += size
      if (bytes >= STEP_BYTES) step()
    },
    overdue: () => (waiting.length === 0 ? waiting : waiting.splice(0, OVERDUE_AT_ONCE)),
    bound() {
      let bound = n + 1
      for (const { since } of lives.values()) bound = Math.min(bound, since)
      return bound
    },
  }
}
