/** The measuring client: one connection of either transport, driven the same way. */
import type { Tally } from './tally.ts'

/** The body of a start, as far as the bench needs one. */
export interface Question {
  readonly message: string
  readonly model?: string
  readonly params?: { readonly max_tokens: number }
}

/** What a connection has carried, in bytes. */
export interface Traffic {
  readonly bytesRead: number
  readonly bytesWritten: number
}

export interface Connection {
  /**
   * Ask; what comes is fed to the tally. Resolves when the answer has ended and the connection takes
   * the next question; rejects when it breaks before, or is refused.
   */
  ask(question: Question, tally: Tally): Promise<void>
  /** Read an answer from an event on, in the same way. */
  attach(generation: string, after: number, tally: Tally): Promise<void>
  /** Stop an answer: on WebSocket on this connection, on SSE by a request on another. */
  stop(generation: string): void
  /** Take nothing more from the socket: a reader that is there and does not read. */
  stall(): void
  /** Drop the connection without a farewell; what it was reading stays unended and does not reject. */
  cut(): void
  readonly traffic: Traffic
}

export const SSE = '/api/ai/chat/sse'
export const SOCKET = '/api/ai/chat/websocket'
export const GENERATIONS = '/api/ai/chat/generations'
export const attachPath = (generation: string): string => `${GENERATIONS}/${generation}/events`
export const stopPath = (generation: string): string => `${GENERATIONS}/${generation}/stop`
