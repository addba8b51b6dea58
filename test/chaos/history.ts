/** What was done and seen while everything went wrong: the one thing that is judged. */
import type { Event } from '../../src/transports/wire.ts'

/** One connection's worth of reading: the texts that came after a cursor, in the order they came. */
export interface Reading {
  readonly reader: string
  readonly generation: string
  readonly after: number
  readonly texts: string[]
}

/** A command that the server said yes to. */
export interface Obeyed {
  readonly generation: string
  readonly command: 'stop' | 'update'
  /** The temperature of an update; no two are the same. */
  readonly mark?: number
  /** Of a stop: requests to the model for this answer that were still open a moment later. */
  readonly stillOpen?: number
}

/** A question, under an idempotency key that was repeated until the server had answered. */
export interface Asked {
  /** Unique; in the question's text, and so in the conversation's title. */
  readonly name: string
  readonly target: number
  /** Of each answered try. */
  readonly generations: Set<string>
}

export interface History {
  readonly readings: Reading[]
  readonly obeyed: Obeyed[]
  readonly asked: Asked[]
  /** Broken on the spot, in a sentence each. */
  readonly faults: string[]
}

/** How the server had it in the end. */
export interface Outcome {
  /** Every log that anybody knew of, whole; none where the server did not have it any more. */
  readonly logs: ReadonlyMap<string, readonly string[]>
  /** Answers in the conversations, by generation. */
  readonly answers: ReadonlyMap<string, string>
  /** How many conversations there are for a name. */
  readonly conversations: ReadonlyMap<string, number>
  /** The most that the model said for a name, in any of its answers. */
  readonly said: ReadonlyMap<string, number>
}

export const createHistory = (): History => ({ readings: [], obeyed: [], asked: [], faults: [] })

export const parse = (text: string): Event => JSON.parse(text) as Event
