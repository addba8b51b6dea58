import type { Parts } from './parts.ts'

/** Commands of one socket that wait, and replies that it has not read, in all: what they keep. */
const COMMANDS_OPEN = 256

/** What one socket may ask for. */
export interface Budget {
  /** Whether one more frame may come now. */
  readonly spend: () => boolean
  /** Something is open until `end`. */
  readonly begin: () => void
  readonly end: () => void
}

export function createBudget({ perSecond, burst }: Parts['commands']): Budget {
  let tokens = burst
  let filled = performance.now()
  let open = 0
  return {
    spend() {
      const now = performance.now()
      tokens = Math.min(burst, tokens + ((now - filled) / 1000) * perSecond)
      filled = now
      tokens--
      return tokens >= 0 && open < COMMANDS_OPEN
    },
    begin: () => void open++,
    end: () => void open--,
  }
}
