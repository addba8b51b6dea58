import type { EventEmitter } from 'node:events'
import type { Clock } from '../core/clock.ts'

/** The life of one connection, or of one reader on it. */
export interface Lifetime {
  /** Aborts when the client is gone, the connection was dismissed, or `end` was called. */
  readonly signal: AbortSignal
  end(): void
}

/** Why a connection is ended from our side: the server closes, it is old, its key has ended. */
export type Dismissal = 'closing' | 'old' | 'expired'

export interface Guest {
  /** Emits `close` when its client is gone. */
  readonly stream: EventEmitter & { readonly destroyed?: boolean }
  /** Whether what let it in is still good. */
  readonly lasts: () => boolean
  /** End it from our side, politely. */
  readonly dismiss: (reason: Dismissal) => void
}

/** The open connections of both transports, so that each can be ended when it is time. */
export interface Connections {
  /** It is on the list until the `close` of its stream. */
  open(guest: Guest): Lifetime
  /** The server closes: dismiss all, and whatever opens from here on at once. */
  dismiss(): void
  /** The server closes: nothing should be opened any more. */
  readonly closing: boolean
}

export interface ConnectionsOptions {
  readonly clock: Clock
  /** No connection is older. */
  readonly lifetimeMs: number
  readonly random: () => number
}

/** Nobody reads the reason; without one each abort makes an exception with a stack. */
const OVER = 'over'

/** How often it is looked who has to go: an ended key has been in for no longer than this. */
const ROUND_MS = 10_000

/** This share of its life is left to chance: what began together does not come back together. */
const JITTER = 0.1

interface Entry {
  readonly guest: Guest
  /** By the monotonic clock. */
  readonly until: number
  readonly leave: (reason: Dismissal) => void
}

export function createConnections({ clock, lifetimeMs, random }: ConnectionsOptions): Connections {
  const all = new Set<Entry>()
  let closing = false
  // Invariant: a round is due exactly while there is a connection.
  let cancel: (() => void) | undefined

  function round(): void {
    cancel = undefined
    for (const { guest, until, leave } of all) {
      if (!guest.lasts()) leave('expired')
      else if (clock.now() >= until) leave('old')
    }
    plan()
  }

  function plan(): void {
    if (all.size > 0) cancel ??= clock.after(ROUND_MS, round)
    else {
      cancel?.()
      cancel = undefined
    }
  }

  return {
    open(guest) {
      const { stream, dismiss } = guest
      const gone = new AbortController()
      const until = clock.now() + lifetimeMs * (1 - JITTER * random())
      const entry: Entry = {
        guest,
        until,
        leave(reason) {
          end()
          dismiss(reason)
        },
      }
      const end = (): void => {
        all.delete(entry)
        plan()
        stream.off('close', end)
        gone.abort(OVER)
      }
      all.add(entry)
      plan()
      stream.on('close', end)
      if (closing) entry.leave('closing')
      // A client that left while its start was kept has been and gone: its `close` is past.
      if (stream.destroyed === true) end()
      return { signal: gone.signal, end }
    },
    dismiss() {
      closing = true
      for (const { leave } of all) leave('closing')
    },
    get closing() {
      return closing
    },
  }
}

/**
 * A life within another one: it ends by itself or with that. AbortSignal.any joins as many signals
 * as one likes and costs 1 µs at each look at the joint one.
 */
export function within(outer: AbortSignal): Lifetime {
  const inner = new AbortController()
  const end = (): void => {
    outer.removeEventListener('abort', end)
    inner.abort(OVER)
  }
  if (outer.aborted) inner.abort(OVER)
  else outer.addEventListener('abort', end)
  return { signal: inner.signal, end }
}
