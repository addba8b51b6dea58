import type { Event, Reply } from '../../src/transports/wire.ts'
import { createBackoff } from './backoff.ts'
import { LinkError } from './error.ts'
import type { Connection, Setup } from './types.ts'
import { type CloseCode, type Socket, openSocket } from './socket.ts'

/** Whoever talks over a line. */
export interface User {
  /** Whether the line is needed now. */
  busy(): boolean
  /** A new connection: nothing that was said on an earlier one counts any more. */
  opened(): void
  readonly heard: (message: Event | Reply) => void
  /** The connection is lost; another one follows. */
  lost(state: Connection): void
  /** The server does not want this client; no other connection follows. */
  refused(error: LinkError): void
}

/** One socket after the other, for as long as one is needed. */
export interface Line {
  readonly isOpen: boolean
  /** A no-op while there is no connection. */
  send(message: object): void
  /** Connect, unless that is being done. */
  need(): void
  /** Close the connection after a while, unless it is needed again. */
  rest(): void
  /** Something of worth arrived: the next wait is a first one again. */
  succeed(): void
}

/** A socket that nobody needs is kept for the next question for so long. */
const IDLE_MS = 30_000
/** The one close code after which there is no reason to wait: attach again where reading stopped. */
const TOO_SLOW: CloseCode = 4408
/** Close codes that say: not like this, don't retry. */
const refusals: Readonly<Record<CloseCode, string>> = {
  1002: 'invalid_request',
  1003: 'invalid_request',
  1007: 'invalid_request',
  1008: 'forbidden',
  1009: 'too_large',
  4401: 'unauthorized',
}

export function createLine(setup: Setup, user: User): Line {
  const { closing } = setup
  const backoff = createBackoff(setup.pace)
  let keeping = false
  // Set while a connection is open.
  let socket: Socket | undefined
  let idle: ReturnType<typeof setTimeout> | undefined

  async function keep(): Promise<void> {
    while (user.busy() && !closing.aborted) {
      const code = await connect()
      if (!user.busy() || closing.aborted) break
      const refusal = refusals[code]
      if (refusal !== undefined) {
        user.refused(new LinkError(refusal, `The server closed the connection (${code}).`))
        break
      }
      const waiting = code === TOO_SLOW ? undefined : backoff.wait(closing)
      user.lost(backoff.state())
      await waiting
    }
    keeping = false
  }

  async function connect(): Promise<CloseCode> {
    const connection = openSocket(setup, {
      heard: user.heard,
      opened() {
        socket = connection
        user.opened()
        rest()
      },
    })
    closing.addEventListener('abort', connection.close)
    const code = await connection.ended
    closing.removeEventListener('abort', connection.close)
    socket = undefined
    clearTimeout(idle)
    return code
  }

  function rest(): void {
    clearTimeout(idle)
    if (user.busy() || socket === undefined) return
    idle = setTimeout(() => socket?.close(), IDLE_MS)
  }

  return {
    get isOpen() {
      return socket !== undefined
    },
    send: message => socket?.send(message),
    need() {
      clearTimeout(idle)
      if (keeping) return
      keeping = true
      void keep()
    },
    rest,
    succeed: () => backoff.succeed(),
  }
}
