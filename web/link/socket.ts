import type { Event, Reply } from '../../src/transports/wire.ts'
import { LinkError } from './error.ts'
import { request } from './request.ts'
import type { Setup } from './types.ts'
import { onWake } from './wake.ts'
import { SILENT_BEATS } from './watch.ts'

/** One WebSocket. It ends once: told to do so, or when nothing is heard any more. */
export interface Socket {
  /** A no-op while it is not open. */
  readonly send: (message: object) => void
  /** Aborts when it has ended. */
  readonly over: AbortSignal
}

export interface Listener {
  opened(): void
  heard(message: Event | Reply): void
  /** Whether it is needed; a socket that nobody needs ends after a heartbeat of silence. */
  busy(): boolean
  /** Without an error there is no reason to wait before the next one. */
  ended(error: unknown): void
}

/** After the page woke, a reply must come within this part of a heartbeat: 5 s by default. */
const WOKEN_BEATS = 1 / 3
/** Too slow: attach again where reading stopped. */
const TOO_SLOW = 4408
/** A frame was too big to be read, so nothing answers it: what HTTP says then is said here. */
const TOO_BIG = 1009
const TOO_LARGE = 'The request body is larger than this server takes.'
/** Close codes that say: not like this, don't retry. */
const refusals: Readonly<Record<number, string>> = {
  1002: 'invalid_request',
  1003: 'invalid_request',
  1007: 'invalid_request',
  1008: 'forbidden',
  [TOO_BIG]: 'too_large',
  4401: 'unauthorized',
}
/**
 * Browsers do not show a server's pings to the page, so the page asks for a reply itself. Nobody
 * has this generation; nothing is detached.
 */
const ping = { id: 'ping', type: 'detach', generation: `gen_${'0'.repeat(22)}` }

export function openSocket(setup: Setup, listener: Listener): Socket {
  const { closing, heartbeatMs } = setup
  const raw = dial(setup)
  const ending = new AbortController()
  const over = ending.signal
  let opened = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function send(message: object): void {
    if (raw.readyState === 1) raw.send(JSON.stringify(message))
  }
  function after(beats: number, act: () => void): void {
    clearTimeout(timer)
    timer = setTimeout(act, beats * heartbeatMs)
  }
  function heard(): void {
    after(1, () => check(SILENT_BEATS - 1))
  }
  function check(beats: number): void {
    if (!listener.busy()) return end()
    send(ping)
    after(beats, () => end(new Error('The connection is silent.')))
  }
  // The browser waits for a dead peer's closing handshake for a minute; this link does not.
  function end(error?: unknown): void {
    if (over.aborted) return
    clearTimeout(timer)
    ending.abort()
    raw.close(1000)
    listener.ended(error)
  }
  /** A page is not told why it gets no socket; a request is. */
  function inquire(): void {
    request(setup, 'models', { signal: over }).then(() => end(new Error('No WebSocket.')), end)
  }

  heard()
  onWake(() => check(WOKEN_BEATS), over)
  closing.addEventListener('abort', () => end(), { signal: over })
  raw.addEventListener('open', () => {
    opened = true
    listener.opened()
  })
  raw.addEventListener('message', ({ data }) => {
    if (over.aborted) return
    heard()
    listener.heard(JSON.parse(String(data)) as Event | Reply)
  })
  raw.addEventListener('close', ({ code }) => (opened ? end(errorOf(code)) : inquire()))
  // `close` follows and is enough; but the package ws takes an error that nobody hears for a bug.
  raw.addEventListener('error', () => undefined)
  return { send, over }
}

function dial({ WebSocket, base, key }: Setup): WebSocket {
  const url = new URL('chat/websocket', base)
  url.protocol = url.protocol.replace('http', 'ws')
  // The name of a sub-protocol takes fewer characters than a key.
  const named = key && encodeURIComponent(key).replaceAll('(', '%28').replaceAll(')', '%29')
  return new WebSocket(url, ['chatai.v1', ...(named ? [`bearer.${named}`] : [])])
}

function errorOf(code: number): Error | undefined {
  const message = code === TOO_BIG ? TOO_LARGE : `The server closed the connection (${code}).`
  const refusal = refusals[code]
  if (refusal) return new LinkError(refusal, message)
  return code === TOO_SLOW ? undefined : new Error(message)
}
