import type { Event } from '../../src/transports/wire.ts'

/** What of a batch comes next for a reader that has seen everything up to `after`. */
export interface Step {
  readonly events: readonly Event[]
  readonly seq: number
  /** An event is missing before the rest of the batch: read again after `seq`. */
  readonly gap: boolean
  readonly ended: boolean
}

/** Each event once and in order: repetitions are passed over, a hole ends the step. */
export function follow(after: number, batch: readonly Event[]): Step {
  const events: Event[] = []
  let seq = after
  for (const event of batch) {
    if (event.seq <= seq) continue
    if (event.seq > seq + 1) return { events, seq, gap: true, ended: false }
    events.push(event)
    seq = event.seq
  }
  const last = events.at(-1)?.type
  return { events, seq, gap: false, ended: last === 'done' || last === 'failed' }
}

/** A key that makes a repeated start the same start; `randomUUID` is missing on plain http. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
