/** What a link is, for its users and for its parts. */
import type { Event, StartBody, UpdateBody } from '../../src/transports/wire.ts'

export type Transport = 'sse' | 'websocket'
export type Connection = 'connected' | 'resuming' | 'offline'

/** Why a start was not taken yet, and how long the link waits before it asks again. */
export interface Wait {
  /** The server's code, or `unreachable`. */
  readonly code: string
  readonly ms: number
}

/** The server lost events that were shown already: drop the text, the log follows from its start. */
export interface Reset {
  readonly type: 'reset'
  readonly generation: string
  readonly seq: 0
}
export type Item = Event | Reset

/**
 * The same four members on each transport. All of them reject with a LinkError, or with the reason
 * of the signal that aborted.
 */
export interface Link {
  /**
   * Start an answer and resolve with its generation. It is repeated, under one idempotency key,
   * until the server has answered: there is never a second answer. Call `events(generation, 0)`
   * next; its first events are on their way already.
   */
  start(body: StartBody, signal?: AbortSignal): Promise<string>
  /**
   * The events after seq `after`: each once, in order, without a hole; what arrived together comes
   * together. Ends after the last event, or when `signal` aborts. Lost connections are resumed.
   */
  events(generation: string, after: number, signal?: AbortSignal): AsyncIterable<readonly Item[]>
  /** Resolves once the answer has ended on the server. */
  stop(generation: string): Promise<void>
  /** Resolves once the new settings are in force. */
  update(generation: string, change: UpdateBody): Promise<void>
}

/** How long a link waits before it tries again. */
export interface Pace {
  /** The first wait is at most this long, each further one at most twice the one before. */
  readonly baseMs: number
  readonly capMs: number
  /** A start, stop or update that got no answer for so long is given up. */
  readonly patienceMs: number
  readonly random: () => number
}

export interface LinkOptions {
  /** Where the server is; in a page, the page's own address if left out. */
  readonly base?: string | URL
  /** An API key, where the server wants one. */
  readonly key?: string
  /** Ends the link: every loop over `events` ends, every connection closes. */
  readonly signal?: AbortSignal
  /** Told whenever the connection that carries a generation, or a start without one yet, changes. */
  readonly onState?: (state: Connection, generation?: string, wait?: Wait) => void
  /** The server's heartbeat; 2.5 of them without a sign of life mean a dead connection. */
  readonly heartbeatMs?: number
  readonly pace?: Partial<Pace>
  /** What to reach the server with, in the place of the platform's own. */
  readonly fetch?: typeof fetch
  readonly WebSocket?: typeof WebSocket
}

/** The options with every blank filled in. */
export interface Setup {
  readonly base: URL
  readonly key: string | undefined
  readonly closing: AbortSignal
  readonly heartbeatMs: number
  /** An event stream may bring the server's own wish for `baseMs`. */
  readonly pace: { -readonly [Key in keyof Pace]: Pace[Key] }
  readonly fetch: typeof fetch
  readonly WebSocket: typeof WebSocket
  readonly report: (state: Connection, generation?: string, wait?: Wait) => void
}

/** What a transport does. What is promised beyond it, the link does for all of them. */
export interface Carrier {
  /** Start an answer and read it. */
  start(body: StartBody, limit: AbortSignal): Promise<Stream>
  /** Read after seq `after`; undefined if the last event was seen already. */
  attach(generation: string, after: number, limit: AbortSignal): Promise<Stream | undefined>
  tell(command: Command, limit: AbortSignal): Promise<void>
}

/** A stop or an update, as WebSocket says it. */
export interface Command extends UpdateBody {
  readonly type: 'stop' | 'update'
  readonly generation: string
}

/** One reading of a log, as far as one connection carries it. */
export interface Stream {
  readonly generation: string
  /** Throws what ended the connection; if it ends without the last event, attach again at once. */
  readonly batches: AsyncIterable<readonly Event[]>
  /** Nothing more is wanted, also while a batch is waited for. */
  readonly close: () => void
}
