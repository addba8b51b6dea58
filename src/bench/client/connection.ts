/** The measuring client: one connection of either transport, driven the same way. */
import type { Socket } from 'node:net'
import type { Tally } from './tally.ts'

export interface Connection {
  /**
   * Ask; what comes is fed to the tally. Resolves when the answer has ended and the connection takes
   * the next question; rejects when it breaks before, or is refused.
   */
  ask(question: string, tally: Tally): Promise<void>
  /** Read an answer from an event on, in the same way. */
  attach(generation: string, after: number, tally: Tally): Promise<void>
  /** Stop an answer: on WebSocket on this connection, on SSE by a request on another. */
  stop(generation: string): void
  /** Drop the connection without a farewell; what it was reading stays unended and does not reject. */
  cut(): void
  readonly socket: Socket
}

/** What the client asks of every server; a model's id only of those that know models. */
export interface Target {
  readonly url: URL
  readonly model: string | undefined
}

export const SSE = '/api/ai/chat/sse'
export const SOCKET = '/api/ai/chat/websocket'
export const attachPath = (generation: string): string =>
  `/api/ai/chat/generations/${generation}/events`
export const stopPath = (generation: string): string =>
  `/api/ai/chat/generations/${generation}/stop`
