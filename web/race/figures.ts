/** What a lane shows in numbers, and what two lanes say of each other. */
import { type Lane, RECENT_MS, hasEnded } from './lane.ts'
import type { At, Race } from './state.ts'

/** Undefined where there is nothing to say yet. */
export interface Figures {
  /** From the start to the first piece, in ms. */
  readonly firstMs: number | undefined
  /** From the start to the end, or until now, in ms. */
  readonly totalMs: number | undefined
  readonly tokens: number
  /** The tokens are a guess, and so is whatever is made of them. */
  readonly guessed: boolean
  /** Tokens a second in the last second; none once it has ended. */
  readonly speed: number | undefined
  /** Tokens a second since the first piece. */
  readonly average: number | undefined
  readonly bytes: number
  readonly bytesPerToken: number | undefined
  readonly resumes: number
  /** How long nothing came because the connection was away, in ms. */
  readonly awayMs: number
}

export function figuresOf(lane: Lane, now: number): Figures {
  const { startedAt, firstAt, endedAt, output, weight, bytes, aways } = lane
  const end = endedAt ?? now
  const tokens = output?.tokens ?? Math.round(weight)
  const sinceFirst = firstAt === undefined ? 0 : end - firstAt
  return {
    firstMs: minus(firstAt, startedAt),
    totalMs: minus(end, startedAt),
    tokens,
    guessed: output?.estimated ?? true,
    speed: hasEnded(lane) ? undefined : speedOf(lane, now),
    average: sinceFirst > 0 ? (tokens * 1000) / sinceFirst : undefined,
    bytes,
    bytesPerToken: tokens > 0 ? bytes / tokens : undefined,
    resumes: aways.filter(({ to }) => to !== undefined).length,
    awayMs: aways.reduce((sum, { from, to }) => sum + (to ?? end) - from, 0),
  }
}

const minus = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one - other

/** Over a whole second, or what there was of it since the first piece. */
function speedOf({ recent, firstAt }: Lane, now: number): number | undefined {
  if (firstAt === undefined || now - firstAt < RECENT_MS / 4) return undefined
  const weight = recent
    .filter(({ at }) => at > now - RECENT_MS)
    .reduce((sum, { weight }) => sum + weight, 0)
  return (weight * 1000) / Math.min(RECENT_MS, now - firstAt)
}

/** Closer than this nobody was first: the page's clock and its turns are no finer. */
const EVEN_MS = 1

/** Who was first, and by how many ms; nobody if they were even. */
export interface Lead {
  readonly lane: At | undefined
  readonly byMs: number
}

/** Each lane by its own start. Undefined until both are there. */
export function leadOf({ lanes }: Race, goal: 'firstAt' | 'endedAt'): Lead | undefined {
  if (goal === 'endedAt' && !lanes.every(isComplete)) return undefined
  const [one, other] = lanes.map(lane => minus(lane[goal], lane.startedAt))
  if (one === undefined || other === undefined) return undefined
  const byMs = Math.abs(one - other)
  return { lane: byMs < EVEN_MS ? undefined : one < other ? 0 : 1, byMs }
}

/** So long after one lane's first token or end, or after the start, the other's may be due. */
const CLOSE_MS = 100

/** Something is due on a lane that is compared to the millisecond: whoever draws now makes it late. */
export function isClose({ lanes }: Race, now: number): boolean {
  const isRecent = (times: readonly (number | undefined)[]): boolean =>
    times.some(time => time !== undefined && now - time < CLOSE_MS)
  const isAwaited = lanes.some(lane => lane.firstAt === undefined && !hasEnded(lane))
  if (isAwaited) return isRecent(lanes.flatMap(({ startedAt, firstAt }) => [startedAt, firstAt]))
  return !lanes.every(hasEnded) && isRecent(lanes.map(({ endedAt }) => endedAt))
}

/** The whole answer came. */
export const isComplete = ({ live: { end } }: Lane): boolean =>
  end?.type === 'done' && end.reason !== 'stopped'

/** What became of the events of both lanes, once both have ended. */
export interface Check {
  readonly events: number
  readonly lost: number
  readonly doubled: number
  /** Both texts are those of the server's records; undefined where a record could not be read. */
  readonly faithful: boolean | undefined
  /** Both said the same; undefined if one of them did not come to its end. */
  readonly alike: boolean | undefined
}

export function checkOf({ lanes }: Race): Check | undefined {
  if (!lanes.every(hasEnded)) return undefined
  const sum = (of: 'events' | 'lost' | 'doubled'): number =>
    lanes.reduce((all, { books }) => all + books[of], 0)
  const [one, other] = lanes
  return {
    events: sum('events'),
    lost: sum('lost'),
    doubled: sum('doubled'),
    faithful: lanes.some(({ record }) => record === 'unknown')
      ? undefined
      : lanes.every(({ record }) => record === 'same'),
    alike: lanes.every(isComplete) ? one.live.text === other.live.text : undefined,
  }
}
