import type { EventEmitter } from 'node:events'
import type { Line } from '../core/event.ts'

/** The socket of a client, as far as waiting for it goes: a net.Socket or a ServerResponse. */
export interface Sink extends EventEmitter {
  /** Bytes that the kernel has not taken yet. */
  readonly writableLength: number
}

/** Where events are poured: one transport's framing over one client's socket. */
export interface Outlet {
  readonly sink: Sink
  /** Write a batch in one write. */
  write(lines: readonly Line[]): void
  /** Something that has to be written first, if there is; it never rejects. */
  ready?(): Promise<void> | undefined
}

/** The one backpressure rule of both transports. */
export interface Patience {
  /** Wait while this many bytes are buffered … */
  readonly bufferBytes: number
  /** … and give a client up that took none of them for so long. */
  readonly slowMs: number
}

/** How a delivery ended: the terminal event was written, the reader left, or was too slow. */
export type Delivery = 'done' | 'gone' | 'slow'

/**
 * Pour a log into an outlet. The reader pulls: while its socket is full nothing is read for it, so
 * that a slow one costs its buffer and a cursor. Throws what reading the log throws.
 */
export async function deliver(
  lines: AsyncIterable<readonly Line[]>,
  outlet: Outlet,
  { bufferBytes, slowMs, signal }: Patience & { signal: AbortSignal },
): Promise<Delivery> {
  for await (const batch of lines) {
    const first = outlet.ready?.()
    if (first !== undefined) await first
    if (signal.aborted) return 'gone'
    outlet.write(batch)
    while (outlet.sink.writableLength >= bufferBytes) {
      const moved = await movement(outlet.sink, slowMs, signal)
      if (signal.aborted) return 'gone'
      if (!moved) return 'slow'
    }
  }
  return signal.aborted ? 'gone' : 'done'
}

/** Whether the client took anything within `ms`; resolves at once when all is drained or aborted. */
function movement(sink: Sink, ms: number, signal: AbortSignal): Promise<boolean> {
  const before = sink.writableLength
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const drained = (): void => resolve(true)
  // A turn later: what the client took while this process was busy is not known before that.
  const timer = setTimeout(() => {
    setImmediate(() => resolve(sink.writableLength < before))
  }, ms)
  sink.on('drain', drained)
  sink.on('close', drained)
  signal.addEventListener('abort', drained)
  return promise.finally(() => {
    clearTimeout(timer)
    sink.off('drain', drained)
    sink.off('close', drained)
    signal.removeEventListener('abort', drained)
  })
}
