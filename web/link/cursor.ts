import type { Event } from '../../src/transports/wire.ts'

/** What of a batch comes right after seq `after`: repetitions are passed over, a hole ends it. */
export function next(after: number, batch: readonly Event[]): readonly Event[] {
  let seq = after
  return batch.filter(event => event.seq === seq + 1 && ++seq)
}

export const isLast = (event: Event | undefined): boolean =>
  event?.type === 'done' || event?.type === 'failed'

/** A key that makes a repeated start the same start; `randomUUID` is missing on plain http. */
export const newKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-')
