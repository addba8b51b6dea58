/** What the page knows of the way to its server. */
import type { Connection } from './link/link.ts'
import type { State } from './state.ts'

export interface Wire {
  /** The last request got an answer. */
  readonly reached: boolean
  /** A person pulled the plug, and it is not back yet. */
  readonly pulled: boolean
  /** SSE is chosen, but other tabs use what the browser has for it: WebSocket carries the answer. */
  readonly crowded: boolean
  /** When the connection became what it is, in ms since the epoch. */
  readonly since: number
  /** How often it came back. */
  readonly reconnects: number
}

export type WireChange = Partial<Pick<Wire, 'reached' | 'pulled' | 'crowded'>>

/** The page was brought by the server, so it is there. */
export const wired = (since: number): Wire => ({
  reached: true,
  pulled: false,
  crowded: false,
  since,
  reconnects: 0,
})

/** Something about the way changed; what was said because of it is taken back. */
export function rewire(state: State, change: WireChange): State {
  const wire = { ...state.wire, ...change }
  const { reached, pulled, crowded } = state.wire
  if (wire.reached === reached && wire.pulled === pulled && wire.crowded === crowded) return state
  const back = wire.reached && !reached && state.notice?.code === 'unreachable'
  return { ...state, wire, notice: back ? undefined : state.notice }
}

/** The connection: the answer's own while one is written, else how the last request went. */
export function connectionOf({ live, connection, wire }: State): Connection {
  if (wire.pulled) return 'resuming'
  if (live && !live.end) return connection
  return wire.reached ? 'connected' : 'offline'
}

/** Note when the connection changed, and how often it came back. `at` is in ms since the epoch. */
export function mark(after: State, before: State, at: number): State {
  const now = connectionOf(after)
  if (now === connectionOf(before)) return after
  const { reconnects } = after.wire
  const wire = { ...after.wire, since: at, reconnects: reconnects + (now === 'connected' ? 1 : 0) }
  return { ...after, wire }
}
