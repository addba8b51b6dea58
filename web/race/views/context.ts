import type { Intent, State } from '../state.ts'
import type { Speech } from '../words.ts'

/** What every view of the race needs. */
export interface Context {
  readonly state: State
  readonly words: Speech
  /** How a view says what a person wants. */
  readonly act: (intent: Intent) => void
}
