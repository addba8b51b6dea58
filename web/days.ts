import type { Conversation } from './state.ts'

/** The days before today are told apart by these … */
type Near = 'today' | 'yesterday' | 'week' | 'thirty'

/** Conversations of one stretch of time, newest first; a date is the first of a whole month. */
export interface Stretch {
  readonly name: Near | Date
  readonly conversations: readonly Conversation[]
}

/** The list in stretches of time, as they are seen at `now` where the page is read. */
export function stretches(list: readonly Conversation[], now: number): readonly Stretch[] {
  const groups = Map.groupBy(list, ({ updatedAt }) => keyOf(updatedAt, now))
  return [...groups].map(([key, conversations]) => ({
    name: typeof key === 'string' ? key : new Date(key),
    conversations,
  }))
}

/** Midnight, so many days before today: days are counted by the calendar, and not all have 24 hours. */
function midnight(now: number, daysAgo: number): number {
  const date = new Date(now)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysAgo).getTime()
}

function keyOf(at: number, now: number): Near | number {
  // Also what is later than now: clocks differ.
  if (at >= midnight(now, 0)) return 'today'
  if (at >= midnight(now, 1)) return 'yesterday'
  if (at >= midnight(now, 7)) return 'week'
  if (at >= midnight(now, 30)) return 'thirty'
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth()).getTime()
}
