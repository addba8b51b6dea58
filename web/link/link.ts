/**
 * The client library: one link, two transports. Start an answer, read its numbered events, stop or
 * update it; reconnecting and resuming happen inside. Runs in browsers and in Node 22 and later.
 */
import type { Event, StartBody, UpdateBody } from '../../src/transports/wire.ts'
import { defaultPace, insist } from './backoff.ts'
import { newKey } from './cursor.ts'
import { createReading } from './reading.ts'
import { createSse } from './sse.ts'
import type {
  Command,
  Connection,
  Item,
  Link,
  LinkOptions,
  Reset,
  Setup,
  Transport,
  Wait,
} from './types.ts'
import { createWebSocket } from './websocket.ts'

export type {
  Connection,
  Event,
  Item,
  Link,
  LinkOptions,
  Reset,
  StartBody,
  Transport,
  UpdateBody,
  Wait,
}
export { LinkError } from './error.ts'

const carriers = { sse: createSse, websocket: createWebSocket }

/** Open a link. Nothing is connected before it is used. */
export function openLink(transport: Transport, options: LinkOptions = {}): Link {
  const create = carriers[transport]
  const base = options.base ?? globalThis.document?.baseURI
  if (!create) throw new TypeError(`No transport ${transport}: it is sse or websocket.`)
  if (!base) throw new TypeError('Say where the server is: openLink(transport, { base }).')
  const setup: Setup = {
    base: new URL('api/ai/', base),
    key: options.key,
    closing: options.signal ?? new AbortController().signal,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    pace: { ...defaultPace, ...options.pace },
    fetch: options.fetch ?? fetch,
    WebSocket: options.WebSocket ?? WebSocket,
    report: options.onState ?? (() => undefined),
  }
  const { pace, report, closing } = setup
  const carrier = create(setup)
  const { begin, events } = createReading(setup, carrier)
  const tell = (command: Command): Promise<void> =>
    insist({ pace, signal: closing }, limit => carrier.tell(command, limit))

  return {
    async start(body, signal = closing) {
      const once = { idempotencyKey: newKey(), ...body }
      const limits = { pace, report, signal: AbortSignal.any([signal, closing]) }
      return begin(await insist(limits, limit => carrier.start(once, limit)))
    },
    events,
    stop: generation => tell({ type: 'stop', generation }),
    update: (generation, change) => tell({ type: 'update', generation, ...change }),
  }
}
