/**
 * The client library: one link, two transports. Start an answer, read its numbered events, stop or
 * update it; reconnecting and resuming happen inside. Runs in browsers and in Node 22 and later.
 */
import type { Event, StartBody, UpdateBody } from '../../src/transports/wire.ts'
import { defaultPace } from './backoff.ts'
import { openSseLink } from './sse.ts'
import type { Connection, Item, Link, LinkOptions, Reset, Setup, Transport, Wait } from './types.ts'
import { openWebSocketLink } from './websocket.ts'

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

/** Open a link. Nothing is connected before it is used. */
export function openLink(transport: Transport, options: LinkOptions = {}): Link {
  const setup: Setup = {
    base: new URL('api/ai/', options.base ?? document.baseURI),
    key: options.key,
    closing: options.signal ?? new AbortController().signal,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    pace: { ...defaultPace, ...options.pace },
    fetch: options.fetch ?? ((...what) => fetch(...what)),
    WebSocket: options.WebSocket ?? WebSocket,
    report: options.onState ?? (() => undefined),
  }
  return transport === 'sse' ? openSseLink(setup) : openWebSocketLink(setup)
}
