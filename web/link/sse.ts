import type { Event } from '../../src/transports/wire.ts'
import { readFrames } from './frames.ts'
import { request } from './request.ts'
import type { Carrier, Setup } from './types.ts'
import { watch } from './watch.ts'

/** One response that streams events, watched from the moment it was asked for. */
interface Response {
  /** Undefined if there is nothing left to stream. */
  readonly batches: AsyncGenerator<readonly Event[], never> | undefined
  readonly close: () => void
}

/** Over HTTP: POST starts and streams, GET attaches, JSON commands go beside it. */
export function createSse(setup: Setup): Carrier {
  const { closing, heartbeatMs, pace } = setup
  const post = (body: object): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })

  async function open(path: string, limit: AbortSignal, init?: RequestInit): Promise<Response> {
    limit.throwIfAborted()
    const over = new AbortController()
    const { signal } = over
    const close = (): void => over.abort()
    const heard = watch(heartbeatMs, over)
    limit.addEventListener('abort', close)
    closing.addEventListener('abort', close, { signal })
    try {
      const { body } = await request(setup, path, { ...init, signal })
      if (body) return { batches: readFrames(body, { heard, retry, ended: close }), close }
      close()
      return { batches: undefined, close }
    } catch (error) {
      close()
      throw error
    } finally {
      limit.removeEventListener('abort', close)
    }
  }

  /** The server's own wish for the first wait. */
  function retry(ms: number): void {
    pace.baseMs = ms
  }

  return {
    async start(body, limit) {
      const { batches, close } = await open('chat/sse', limit, post(body))
      if (!batches) throw new Error('Nothing was started.')
      const { value } = await batches.next()
      const generation = value[0]?.generation ?? ''
      return { generation, batches: prepend(value, batches), close }
    },
    async attach(generation, after, limit) {
      const path = `chat/generations/${generation}/events?after=${after}`
      const { batches, close } = await open(path, limit)
      return batches && { generation, batches, close }
    },
    async tell({ type, generation, ...change }, signal) {
      await request(setup, `chat/generations/${generation}/${type}`, { ...post(change), signal })
    },
  }
}

async function* prepend<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first
  yield* rest
}
