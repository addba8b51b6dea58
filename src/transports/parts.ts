import type { FastifyRequest } from 'fastify'
import type { Chat } from '../core/chat.ts'
import type { Patience } from './deliver.ts'
import type { Connections } from './lifetime.ts'

export type Transport = 'sse' | 'websocket'

/** What the composition root hands to every transport. */
export interface Parts {
  readonly chat: Chat
  readonly connections: Connections
  readonly patience: Patience
  readonly heartbeatMs: number
  readonly maxMessages: number
  /** Count one start of this client; throws `rate_limited`. One counter for all transports. */
  readonly admit: (request: FastifyRequest) => Promise<void>
  /** A reader came (+1) or left (-1), for the metrics. */
  readonly reader: (transport: Transport, change: 1 | -1) => void
}
