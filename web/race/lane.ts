/** One lane of a race: (lane, what came on it and when) → lane. */
import type { Connection, Item, StartBody } from '../link/link.ts'
import { type End, type Live, ask, follow } from '../live.ts'
import type { Entrant, Measured } from './state.ts'
import { type Track, advance, noTrack } from './track.ts'
import { weightOf } from './weight.ts'

/** Times are the page's clock in ms. */
export interface Lane {
  readonly entrant: Entrant
  readonly live: Live
  readonly connection: Connection
  readonly startedAt: number | undefined
  /** The first piece of the answer or of its reasoning. */
  readonly firstAt: number | undefined
  readonly endedAt: number | undefined
  readonly bytes: number
  /** As many tokens as the pieces weigh; `output` is what the server says they were. */
  readonly weight: number
  readonly output: { readonly tokens: number; readonly estimated: boolean } | undefined
  readonly track: Track
  /** What came in the last second or so. */
  readonly recent: readonly { readonly at: number; readonly weight: number }[]
  readonly books: Books
  /** Every time that the connection was away; the last one may not be over. */
  readonly aways: readonly Away[]
  /** Whether the text is that of the server's own record. */
  readonly record: 'same' | 'different' | 'unknown'
}

/** The numbers of the events that came, held against what they must be: 1, 2, 3 … */
export interface Books {
  readonly events: number
  readonly last: number
  readonly lost: number
  readonly doubled: number
}

export interface Away {
  readonly from: number
  readonly to: number | undefined
}

/** What the speed now is taken over. */
export const RECENT_MS = 1000

const noBooks: Books = { events: 0, last: 0, lost: 0, doubled: 0 }

/** A lane before its start. */
export const line = (entrant: Entrant, prompt: string): Lane => ({
  entrant,
  live: ask({ body: bodyOf(entrant, prompt), parent: null }),
  connection: 'connected',
  startedAt: undefined,
  firstAt: undefined,
  endedAt: undefined,
  bytes: 0,
  weight: 0,
  output: undefined,
  track: noTrack,
  recent: [],
  books: noBooks,
  aways: [],
  record: 'unknown',
})

/** Of no conversation. */
const bodyOf = ({ model }: Entrant, prompt: string): StartBody => ({
  messages: [{ role: 'user', content: prompt }],
  ...(model !== undefined && { model }),
})

export const hasEnded = ({ live }: Lane): boolean => live.end !== undefined

/** What came together is counted together. */
export function receive(lane: Lane, items: readonly Item[], { at, bytes }: Measured): Lane {
  const live = follow(lane.live, items)
  const said = items.filter(item => item.type === 'text' || item.type === 'reasoning')
  const weight = said.reduce((sum, { text }) => sum + weightOf(text), 0)
  const usage = items.findLast(item => item.type === 'usage')
  const ms = at - (lane.startedAt ?? at)
  return {
    ...lane,
    live,
    bytes,
    firstAt: lane.firstAt ?? (said.length > 0 ? at : undefined),
    endedAt: lane.endedAt ?? (live.end && at),
    weight: lane.weight + weight,
    output: usage ? { tokens: usage.output, estimated: usage.estimated } : lane.output,
    track: advance(lane.track, ms, weight),
    recent: [...lane.recent.filter(({ at: then }) => then > at - RECENT_MS), { at, weight }],
    books: items.reduce(book, lane.books),
    aways: items.length > 0 ? back(lane.aways, at) : lane.aways,
  }
}

function book(books: Books, item: Item): Books {
  // The server lost what it had said: its numbers begin again.
  if (item.type === 'reset') return { ...books, last: 0 }
  const { seq } = item
  const { last, events, lost, doubled } = books
  if (seq <= last) return { ...books, events: events + 1, doubled: doubled + 1 }
  return { ...books, events: events + 1, last: seq, lost: lost + seq - last - 1 }
}

/** The connection is back once something came over it. */
const back = (aways: readonly Away[], at: number): readonly Away[] =>
  aways.map(away => (away.to === undefined ? { ...away, to: at } : away))

export function connect(lane: Lane, connection: Connection, { at }: Measured): Lane {
  const away = lane.aways.some(({ to }) => to === undefined)
  if (connection === 'connected' || away || hasEnded(lane)) return { ...lane, connection }
  return { ...lane, connection, aways: [...lane.aways, { from: at, to: undefined }] }
}

/** The lane ends here, and not because the server said so. */
export function finish(lane: Lane, end: End, at: number): Lane {
  if (hasEnded(lane)) return lane
  return { ...lane, live: { ...lane.live, end }, endedAt: at, aways: back(lane.aways, at) }
}
