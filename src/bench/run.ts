/** What one run of the comparison has measured: the document that `bench.json` holds. */

/**
 * What stands between the upstream and the measuring client. `memory` and `sqlite` are this server
 * by its store, `remote` is the one of `--base-url`. The others are baselines: `direct` is nothing at
 * all, `raw` a pipe of bytes that parses, numbers and keeps nothing, `http2` the same over HTTP/2,
 * `deflate` is the raw pipe's WebSocket with permessage-deflate, `obvious` the loop that everybody
 * writes first.
 */
export type Server =
  | 'direct'
  | 'raw'
  | 'http2'
  | 'obvious'
  | 'memory'
  | 'sqlite'
  | 'deflate'
  | 'remote'
export type Transport = 'sse' | 'websocket'

/** One server by one transport. */
export interface Subject {
  readonly server: Server
  readonly transport: Transport
}

/** A measure by its name; `measures` says what each is. */
export type Measure = keyof typeof measures

/** What one subject showed in one round: one figure, or how the figures of the round are spread. */
export interface Sample extends Subject {
  readonly measure: Measure
  /** Streams, clients or connections at once; 0 where that means nothing. */
  readonly streams: number
  /** Counted from 0; the subjects of a measure take turns in every round. */
  readonly round: number
  readonly value: number | Spread
}

/** Of many figures: the value below which each of QUANTILES of them lie. */
export interface Spread {
  readonly count: number
  readonly quantiles: readonly number[]
}

/** The ends are the least and the greatest figure. */
export const QUANTILES = [
  0, 0.01, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995,
  0.999, 1,
] as const

/** `unit` is that of every value; `best` says which end is the good one. */
interface Kind {
  readonly unit: 'ms' | 'µs' | 'B' | 'KB' | 'tokens' | 'tokens/s' | 'answers/s' | '×' | 'events'
  readonly best: 'least' | 'most'
  /** Whether the samples hold a Spread. */
  readonly spread: boolean
}

export const measures = {
  /** From the start of the request to the first token; the connection is opened for it. */
  'first-cold': { unit: 'ms', best: 'least', spread: true },
  /** The same on a connection that is open. */
  'first-warm': { unit: 'ms', best: 'least', spread: true },
  /** From the upstream's write of a token to the client's read of it. */
  latency: { unit: 'ms', best: 'least', spread: true },
  /** Processor time of the server, all threads, a token. */
  cpu: { unit: 'µs', best: 'least', spread: false },
  /** All that the client's socket received, heads and frames included, a token. */
  bytes: { unit: 'B', best: 'least', spread: false },
  /** With an upstream that does not pause. */
  saturation: { unit: 'tokens/s', best: 'most', spread: false },
  /** Processor time of the server for a whole answer of 20 tokens that come at once. */
  'short-cpu': { unit: 'µs', best: 'least', spread: false },
  'short-rate': { unit: 'answers/s', best: 'most', spread: false },
  /** Resident memory of the server for a client that is attached to a silent answer. */
  'idle-memory': { unit: 'KB', best: 'least', spread: false },
  /** Resident memory of the server for an answer that is being written and read. */
  'live-memory': { unit: 'KB', best: 'least', spread: false },
  /** From the client's stop to the close of the upstream's socket. */
  stop: { unit: 'ms', best: 'least', spread: true },
  /** Tokens that the upstream wrote after the client's stop, a stop. */
  'stop-waste': { unit: 'tokens', best: 'least', spread: false },
  /** From a cut of the client's connection to the first event that it had not seen. */
  resume: { unit: 'ms', best: 'least', spread: true },
  /** Ten questions, one after the other's answer, on one connection. */
  turns: { unit: 'ms', best: 'least', spread: false },
  /** Bytes in both directions, a turn of those ten. */
  'turn-bytes': { unit: 'B', best: 'least', spread: false },
  /** All clients are cut and come back at once: until each has the next event. */
  storm: { unit: 'ms', best: 'least', spread: true },
  /** The p99 latency of the other readers with a tenth of the readers stalled, over without. */
  'slow-p99': { unit: '×', best: 'least', spread: false },
  /** Growth of the server's resident memory, a stalled reader. */
  'slow-memory': { unit: 'KB', best: 'least', spread: false },
  /** Events that were missing, doubled or out of order, in everything above. */
  lost: { unit: 'events', best: 'least', spread: false },
} as const satisfies Readonly<Record<string, Kind>>

/** Where and on what it ran. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  /** Bytes. */
  readonly memory: number
  readonly system: string
  readonly node: string
  readonly chatai: string
  /** Whether the server had a processor of its own, and load and upstream another. */
  readonly pinned: boolean
}

export interface Settings {
  readonly streams: readonly number[]
  /** Chunks a second of one stream; null for 50 at 100 streams and 20 elsewhere. */
  readonly rate: number | null
  readonly rounds: number
  /** Of one sample. */
  readonly seconds: number
  readonly only: readonly string[]
  readonly stores: readonly string[]
  /** The server that ran already, and its model; null for the default one. */
  readonly remote?: { readonly url: string; readonly model: string | null }
}

export interface Run {
  readonly format: 1
  /** ISO 8601. */
  readonly at: string
  readonly machine: Machine
  readonly settings: Settings
  /** Not all of it was done: Ctrl-C. */
  readonly partial: boolean
  readonly samples: readonly Sample[]
}
