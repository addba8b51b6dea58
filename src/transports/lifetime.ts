import type { EventEmitter } from 'node:events'

/** The life of one connection, or of one reader on it. */
export interface Lifetime {
  /** Aborts when the client is gone, the server closes, or `end` was called. */
  readonly signal: AbortSignal
  end(): void
}

/** The open connections of both transports, so that the server can end them when it closes. */
export interface Connections {
  /**
   * `stream` emits `close` when its client is gone; `dismiss` ends it from our side, politely.
   * It is on the list until its `close`.
   */
  open(stream: EventEmitter & { readonly destroyed?: boolean }, dismiss: () => void): Lifetime
  /** The server closes: dismiss all, and whatever opens from here on at once. */
  dismiss(): void
  /** The server closes: nothing should be opened any more. */
  readonly closing: boolean
}

/** Nobody reads the reason; without one each abort makes an exception with a stack. */
const OVER = 'over'

export function createConnections(): Connections {
  const all = new Set<() => void>()
  let closing = false

  return {
    open(stream, dismiss) {
      const gone = new AbortController()
      const end = (): void => {
        all.delete(leave)
        stream.off('close', end)
        gone.abort(OVER)
      }
      const leave = (): void => {
        end()
        dismiss()
      }
      all.add(leave)
      stream.on('close', end)
      if (closing) leave()
      // A client that left while its start was kept has been and gone: its `close` is past.
      if (stream.destroyed === true) end()
      return { signal: gone.signal, end }
    },
    dismiss() {
      closing = true
      for (const leave of all) leave()
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
