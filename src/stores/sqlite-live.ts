import type { Line } from '../core/event.ts'
import { createPulse, type Pulse } from '../core/pulse.ts'

/**
 * A generation that has not ended, as the process that writes it knows it. Invariants: `tail` is
 * contiguous, ends with `seq` and reaches back to `paged + 1` at least, so that memory and pages
 * together always hold every line; `since` is the journal row of line `paged + 1`.
 */
export interface Live {
  readonly id: string
  /** Its key in the tables. */
  readonly log: number
  owner: string
  readonly conversation: string | null
  readonly pulse: Pulse
  /** The last seq that is kept; 0 until its creation is. */
  seq: number
  ended: boolean
  tail: Line[]
  tailBytes: number
  /** The last seq that is in a page. */
  paged: number
  pagedBytes: number
  unpagedBytes: number
  /** Infinity when all is paged. */
  since: number
}

export function createLive(row: Pick<Live, 'id' | 'log' | 'owner' | 'conversation'>): Live {
  return {
    ...row,
    pulse: createPulse(),
    seq: 0,
    ended: false,
    tail: [],
    tailBytes: 0,
    paged: 0,
    pagedBytes: 0,
    unpagedBytes: 0,
    since: Infinity,
  }
}

/** The seq of the oldest line in memory, or the next one's if there is none. */
export const oldest = (live: Live): number => live.seq - live.tail.length + 1

/** The lines that are in the journal only. */
export const unpaged = (live: Live): readonly Line[] =>
  live.paged === live.seq ? [] : live.tail.slice(live.paged - live.seq)

/** Lines were kept; unless they are paged at once, in journal row `n`. */
export function grow(live: Live, lines: readonly Line[], n: number): void {
  if (live.since === Infinity) live.since = n
  for (const line of lines) {
    live.tail.push(line)
    live.tailBytes += line.json.length
    live.unpagedBytes += line.json.length
    live.seq = line.seq
    live.ended = line.last
  }
}

/** All of it is in pages now, the new ones being `bytes` long. */
export function settle(live: Live, bytes: number): void {
  live.paged = live.seq
  live.pagedBytes += bytes
  live.unpagedBytes = 0
  live.since = Infinity
}

/**
 * Bounds of what one live generation keeps in memory for its readers, and of all together. With
 * 10,000 live answers each keeps a 16 KiB tail, of which half may wait for its page.
 */
const TAIL_BYTES = 256 * 1024
const TAILS_BYTES = 64 * 1024 * 1024
const LEAST_TAIL_BYTES = 16 * 1024

/** A page is about one read long. */
const PAGE_BYTES = 60 * 1024

export const tailBytes = (count: number): number =>
  Math.max(LEAST_TAIL_BYTES, Math.min(TAIL_BYTES, TAILS_BYTES / count))

/** How much may wait in the journal before it is gathered into a page. */
export const pageBytes = (count: number): number => Math.min(PAGE_BYTES, tailBytes(count) / 2)

/** Let go of the oldest paged lines beyond `limit`: half of them at once, so that it is rare. */
export function trim(live: Live, limit: number): void {
  if (live.tailBytes <= limit) return
  const droppable = live.paged - oldest(live) + 1
  let count = 0
  for (; count < droppable && live.tailBytes > limit / 2; count++) {
    live.tailBytes -= live.tail[count]?.json.length ?? 0
  }
  live.tail = live.tail.slice(count)
}
