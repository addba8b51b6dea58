/** The types of client.js; put both files side by side. What each member does: see client.html. */

type Transport = 'sse' | 'websocket'

/** Open a link. Nothing is connected before it is used. */
declare function openLink(transport: Transport, options?: LinkOptions): Link

/**
 * The same four members on each transport. All of them reject with a LinkError, or with the reason
 * of the signal that aborted.
 */
interface Link {
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

interface LinkOptions {
  /** Where the server is, with a slash at its end; in a page, the page's own address if left out. */
  readonly base?: string | URL
  /** An API key, where the server wants one. */
  readonly key?: string
  /** Ends the link: every loop over `events` ends, every connection closes. */
  readonly signal?: AbortSignal
  /** Told whenever the connection that carries a generation, or a start without one yet, changes. */
  readonly onState?: (state: Connection, generation?: string, wait?: Wait) => void
  /** The server's heartbeat; 2.5 of them without a sign of life mean a dead connection. */
  readonly heartbeatMs?: number
  /** How long the link waits before it tries again. */
  readonly pace?: Partial<Pace>
  /** What to reach the server with, in the place of the platform's own. */
  readonly fetch?: typeof fetch
  readonly WebSocket?: typeof WebSocket
}

type Connection = 'connected' | 'resuming' | 'offline'

/** Why a start was not taken yet, and how long the link waits before it asks again. */
interface Wait {
  /** The server's code, or `unreachable`. */
  readonly code: string
  readonly ms: number
}

interface Pace {
  /** The first wait is at most this long, each further one at most twice the one before. */
  readonly baseMs: number
  readonly capMs: number
  /** A start, stop or update that got no answer for so long is given up. */
  readonly patienceMs: number
  /** A number from 0 to 1, by which each wait is multiplied. */
  readonly random: () => number
}

/** Exactly one of `message`, `messages` and `regenerate`; the last and `edit` need `conversation`. */
interface StartBody {
  /** What the user says. */
  message?: string
  /** The whole context instead: nothing is kept but the answer. */
  messages?: { role: 'system' | 'user' | 'assistant'; content: string }[]
  /** The first model that is ready, if left out. */
  model?: string
  /** Another spelling of `model`. */
  modelType?: string
  /** Go on with this conversation; without it a new one is opened. */
  conversation?: string
  /** Answer again in the place of the answer of this turn. */
  regenerate?: string
  /** Ask `message` in the place of the question of this turn. */
  edit?: string
  params?: Params
  /** What to do when nobody reads any more: finish (the default), or stop 5 s later. */
  onDisconnect?: 'continue' | 'stop'
  /** A start that is repeated under one key is one start; the link makes one if you do not. */
  idempotencyKey?: string
}

interface UpdateBody {
  model?: string
  /** Laid over those in force; null leaves one to the model again. */
  params?: ParamsChange
  /** Go on from the text so far (the default), or drop it. */
  mode?: 'continue' | 'restart'
}

interface ParamsChange {
  readonly temperature?: number | null
  readonly top_p?: number | null
  readonly max_tokens?: number | null
  readonly presence_penalty?: number | null
  readonly frequency_penalty?: number | null
  readonly seed?: number | null
  readonly stop?: readonly string[] | null
  readonly system?: string | null
}

interface Params {
  temperature?: number
  top_p?: number
  max_tokens?: number
  presence_penalty?: number
  frequency_penalty?: number
  seed?: number
  stop?: string[]
  system?: string
}

type Item = Event | Reset

/** The server lost events that were shown already: drop the text, the log follows from its start. */
interface Reset {
  readonly type: 'reset'
  readonly generation: string
  readonly seq: 0
}

/** The first is `started`, the last `done` or `failed`. The texts, put together, are the answer. */
type Event = Started | Text | Reasoning | Updated | Usage | Done | Failed

interface Numbered {
  generation: string
  /** Its place in the log: 1, 2, 3 … without a hole. */
  seq: number
}

interface Started extends Numbered {
  type: 'started'
  /** Null after a start with `messages`. */
  conversation: string | null
  model: string
  params: Params
  /** Milliseconds since the epoch. */
  at: number
}

/** A piece of the answer. */
interface Text extends Numbered {
  type: 'text'
  text: string
}

/** A piece of the model's reasoning. */
interface Reasoning extends Numbered {
  type: 'reasoning'
  text: string
}

/** From here on these settings produce the text. */
interface Updated extends Numbered {
  type: 'updated'
  model: string
  params: Params
  /** With `restart` the text so far is to be dropped. */
  mode: 'continue' | 'restart'
}

/** Tokens; `estimated` where the provider did not report them. */
interface Usage extends Numbered {
  type: 'usage'
  input: number
  output: number
  estimated: boolean
}

interface Done extends Numbered {
  type: 'done'
  reason: 'complete' | 'length' | 'content_filter' | 'stopped'
  /** With `stopped`: by a client, or because nobody watched any more. */
  by?: 'client' | 'abandoned'
}

/** What was said before it stays. */
interface Failed extends Numbered {
  type: 'failed'
  code: Code
  /** What happened and what to do. */
  message: string
  /** The same start may work later; after `retryAfter` seconds, where that is known. */
  retryable: boolean
  retryAfter?: number
}

type Code =
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'provider_rejected'
  | 'provider_unavailable'
  | 'provider_broken'
  | 'provider_timeout'
  | 'overloaded'
  | 'interrupted'
  | 'internal'

/** What a link refuses with; `code` is the server's, or `unreachable` if it could not be asked. */
declare class LinkError extends Error {
  override readonly name: 'LinkError'
  readonly code: string
  /** Seconds, where the server said when to come back. */
  readonly retryAfter: number | undefined
  constructor(
    code: string,
    message: string,
    options?: { readonly retryAfter?: number | undefined; readonly cause?: unknown },
  )
}

export {
  LinkError,
  openLink,
  type Connection,
  type Event,
  type Item,
  type Link,
  type LinkOptions,
  type Reset,
  type StartBody,
  type Transport,
  type UpdateBody,
  type Wait,
}
