import type { FastifyRequest, preHandlerHookHandler } from 'fastify'
import type { Chat } from '../core/chat.ts'
import type { Patience } from './deliver.ts'
import type { Connections } from './lifetime.ts'
import type { Bounds } from './start.ts'

export type Transport = 'sse' | 'websocket'

/** What the composition root hands to every transport. */
export interface Parts {
  /** What who sent this request may do. */
  readonly chat: (request: FastifyRequest) => Chat
  /** Whether the key or token of this request is still good. */
  readonly lasts: (request: FastifyRequest) => boolean
  readonly connections: Connections
  readonly patience: Patience
  readonly heartbeatMs: number
  readonly bounds: Bounds
  /** The longest body that brings a conversation in; of every other one Fastify knows it. */
  readonly importBytes: number
  /** Of one socket: a second, and how many may come at once after a pause. */
  readonly commands: { readonly perSecond: number; readonly burst: number }
  /** Count one start or update of this client; throws `rate_limited`. One counter for all. */
  readonly admit: (request: FastifyRequest) => Promise<void>
  /** The same for reading a log, or a conversation as a whole. */
  readonly reads: (request: FastifyRequest) => Promise<void>
  /** A hook of every route that streams; throws `overloaded` where there are too many already. */
  readonly seat: preHandlerHookHandler
  readonly traffic: Traffic
}

/** What goes over the transports, for the metrics. */
export interface Traffic {
  /** A reader came, to read after that seq: from the start if it is 0. */
  attached(transport: Transport, after: number): void
  left(transport: Transport): void
  /** A batch was written; bytes as they go to the socket, framing included. */
  sent(transport: Transport, events: number, bytes: number): void
}
