import type { Event, Reply } from '../../src/transports/wire.ts'
import type { Setup } from './types.ts'
import { SILENT_BEATS, watch } from './watch.ts'

/** A WebSocket close code, or 1006 where there was no closing handshake. */
export type CloseCode = number
const BROKEN: CloseCode = 1006

/** One connection. It ends once, with the code that `ended` resolves with. */
export interface Socket {
  /** A no-op while the connection is not open. */
  send(message: object): void
  readonly close: () => void
  readonly ended: Promise<CloseCode>
}

export interface Listener {
  opened(socket: Socket): void
  heard(message: Event | Reply): void
}

/**
 * What is sent when nothing was heard for a heartbeat: browsers do not show a server's pings to the
 * page, so the page asks for a reply itself. Nobody has this generation; nothing is detached.
 */
const ping = { id: 'ping', type: 'detach', generation: `gen_${'0'.repeat(22)}` }

export function openSocket(setup: Setup, listener: Listener): Socket {
  const over = new AbortController()
  const ended = Promise.withResolvers<CloseCode>()
  const raw = new setup.WebSocket(addressOf(setup), protocolsOf(setup))
  const dead = watch(setup.heartbeatMs * SILENT_BEATS, () => end(BROKEN))
  const quiet = watch(setup.heartbeatMs, () => socket.send(ping))
  const socket: Socket = {
    send: message => raw.readyState === WebSocket.OPEN && raw.send(JSON.stringify(message)),
    close: () => end(1000),
    ended: ended.promise,
  }

  // The browser waits for a dead peer's closing handshake for a minute; this link does not.
  const end = (code: CloseCode): void => {
    dead.end()
    quiet.end()
    over.abort()
    if (raw.readyState <= WebSocket.OPEN) raw.close(1000)
    ended.resolve(code)
  }
  const { signal } = over
  raw.addEventListener('close', ({ code }) => end(code), { signal })
  raw.addEventListener('open', () => listener.opened(socket), { signal })
  raw.addEventListener(
    'message',
    ({ data }) => {
      dead.heard()
      quiet.heard()
      listener.heard(JSON.parse(String(data)) as Event | Reply)
    },
    { signal },
  )
  return socket
}

function addressOf({ base }: Setup): URL {
  const url = new URL('chat/websocket', base)
  url.protocol = url.protocol.replace('http', 'ws')
  return url
}

const protocolsOf = ({ key }: Setup): string[] =>
  key === undefined ? ['chatai.v1'] : ['chatai.v1', `bearer.${key}`]
