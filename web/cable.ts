import { type Api, createApi } from './api.ts'
import { busy } from './chat.ts'
import { createBackoff, defaultPace } from './link/backoff.ts'
import type { Address } from './link/request.ts'
import { type Link, type LinkOptions, type Transport, openLink } from './link/link.ts'
import { createPlug } from './plug.ts'
import { openSharedLink } from './shared.ts'
import { claimSlot } from './slots.ts'
import type { Action, State } from './state.ts'
import { type WireChange, connectionOf } from './wire.ts'

/** All that lies between the page and its server. */
export interface Cable {
  readonly api: Api
  /** Where it is asked. */
  readonly server: Address
  readonly links: Readonly<Record<Transport, Link>>
  /** Pull the plug; it is put back by itself after a while, or by calling this again. */
  pull(): void
  /** Ask now whether the server is there, and go on asking until it is. */
  probe(): Promise<void>
  /** Whoever waits before the next attempt makes it now. */
  hurry(): void
}

export interface CableParts {
  readonly base: URL
  readonly state: () => State
  readonly dispatch: (action: Action) => void
}

/** Long enough to see that the answer stands still, short enough to wait for. */
const MEND_MS = 2000

export function createCable({ base, state, dispatch }: CableParts): Cable {
  const { signal: never } = new AbortController()
  const tell = (change: WireChange): void => dispatch({ type: 'wire', change })
  const plug = createPlug(reached => {
    tell({ reached })
    if (!reached && probing.signal.aborted) void probe()
  })
  let mending: ReturnType<typeof setTimeout> | undefined
  // Of the one probe that goes on; aborted where there is none.
  let probing = new AbortController()
  probing.abort()

  const setup: LinkOptions = {
    base,
    fetch: plug.fetch,
    WebSocket: plug.WebSocket,
    // A question that waits is not lost: the page says why, and a person may take it back.
    pace: { patienceMs: 90_000 },
    onState(connection, generation, wait) {
      const { live } = state()
      if (!live || live.generation !== generation) return
      const waiting = wait && { code: wait.code, until: performance.now() + wait.ms }
      dispatch({ type: 'connection', connection, waiting })
    },
  }
  const sse = openLink('sse', setup)
  const websocket = openLink('websocket', setup)
  const crowded = (crowded: boolean): void => tell({ crowded })

  async function probe(): Promise<void> {
    // An earlier one may wait for long yet, and what it knows is of before.
    probing.abort()
    const own = new AbortController()
    const { signal } = own
    probing = own
    // The plug tells how each knock went.
    const backoff = createBackoff(defaultPace, () => undefined)
    do {
      // While an answer is resumed, that is attempt enough.
      if (!busy(state()) || state().connection === 'connected') await knock()
      if (!signal.aborted && !state().wire.reached) await backoff.wait(undefined, signal)
    } while (!signal.aborted && !state().wire.reached)
    own.abort()
  }

  async function knock(): Promise<void> {
    const init = { method: 'HEAD', cache: 'no-store' } as const
    // The plug hears how it went.
    await plug.fetch(new URL('healthz', base), init).catch(() => undefined)
    if (state().wire.reached || navigator.onLine || state().wire.pulled) return
    // A connection may not notice for a minute that its network is gone.
    plug.cut()
    plug.mend()
  }

  // What waits for the network listens for this, and a plug that is back is a network that is.
  const hurry = (): void => void dispatchEvent(new Event('online'))

  function mend(): void {
    clearTimeout(mending)
    plug.mend()
    tell({ pulled: false })
    hurry()
  }

  // There is no key to send: the server knows this browser by a cookie.
  const server = { base: new URL('api/ai/', base), key: undefined, fetch: plug.fetch }
  return {
    server,
    api: createApi(server, never),
    links: { sse: openSharedLink({ sse, websocket, claim: claimSlot, crowded }), websocket },
    pull() {
      if (state().wire.pulled) return mend()
      plug.cut()
      tell({ pulled: true })
      mending = setTimeout(mend, MEND_MS)
    },
    probe,
    hurry() {
      if (connectionOf(state()) !== 'connected') hurry()
    },
  }
}
