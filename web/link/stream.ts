import type { Event } from '../../src/transports/wire.ts'
import { readFrames } from './frames.ts'
import type { Setup } from './types.ts'
import { request } from './request.ts'
import { SILENT_BEATS, watch } from './watch.ts'

/** One response that streams events. */
export interface Stream {
  readonly batches: AsyncGenerator<readonly Event[]>
  /** The server's `retry:` field in ms, once it was read. */
  retryMs(): number | undefined
  /** End the connection, now: whoever reads `batches` is thrown at. */
  readonly close: () => void
}

/** Ask for an event stream; undefined if there is nothing left to stream. Watched from here on. */
export async function openStream(
  setup: Setup,
  path: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Stream | undefined> {
  const closed = new AbortController()
  const close = (): void => closed.abort()
  const dog = watch(setup.heartbeatMs * SILENT_BEATS, close)
  let retryMs: number | undefined
  const ear = { heard: dog.heard, retry: (ms: number) => void (retryMs = ms) }
  init.signal.addEventListener('abort', close)
  try {
    const response = await request(setup, path, { ...init, signal: closed.signal })
    if (response.body === null) {
      dog.end()
      return undefined
    }
    return {
      batches: readFrames(response.body, ear),
      retryMs: () => retryMs,
      close() {
        dog.end()
        close()
      },
    }
  } catch (error) {
    dog.end()
    throw error
  } finally {
    init.signal.removeEventListener('abort', close)
  }
}
