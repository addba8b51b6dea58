/** From the reply of an endpoint to the batches of an answer. */
import type { Chunk } from '../core/chunk.ts'
import { ChatError } from '../core/errors.ts'
import { createDecoder } from './decoder.ts'
import type { Reply } from './transport.ts'

type Batches = AsyncIterator<readonly Chunk[], void, void>
type Result = IteratorResult<readonly Chunk[], void>

interface HearingParts {
  /** Resolves with undefined where it was aborted before there was a reply. */
  readonly ask: (signal: AbortSignal) => Promise<Reply | undefined>
  /** What to throw when the connection breaks in the middle. */
  readonly torn: (error: unknown) => ChatError
}

const OVER: Result = { value: undefined, done: true }

/**
 * Asks at the first `next`; once the reply has begun, nothing is tried again. Each batch is what one
 * read brought, decoded in the turn in which it arrived: an async generator in its place costs three
 * turns of the queue and 3 µs a batch. Ends when `signal` aborts, with the connection closed.
 */
export function hear({ ask, torn }: HearingParts, signal: AbortSignal): Batches {
  const decoder = createDecoder()
  const end = new AbortController()
  const abort = (): void => end.abort()
  let reply: Reply | undefined
  let opened: Promise<Result> | undefined
  let closed: Promise<Result> | undefined

  async function open(): Promise<Result> {
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    try {
      reply = await ask(end.signal)
    } catch (error) {
      signal.removeEventListener('abort', abort)
      throw error
    }
    // The abort may have come in the few turns since the response.
    if (end.signal.aborted) await reply?.close()
    if (reply === undefined || end.signal.aborted) return close()
    end.signal.addEventListener('abort', reply.close)
    return new Promise(pull)
  }

  function next(): Promise<Result> {
    if (closed !== undefined) return closed
    if (reply !== undefined) return new Promise(pull)
    opened ??= open()
    return opened
  }

  /** Settle a `next` with what there is, now or when it has arrived. */
  function pull(settle: (result: Result | Promise<Result>) => void): void {
    let batch: readonly Chunk[] | undefined
    try {
      batch = draw()
    } catch (error) {
      return settle(close(error))
    }
    if (batch !== undefined) settle({ value: batch, done: false })
    else if (decoder.over() || end.signal.aborted) settle(close(decoder.failure()))
    else reply?.body.wait(() => pull(settle))
  }

  /** The next batch; undefined when there is none, yet or at all. */
  function draw(): readonly Chunk[] | undefined {
    if (reply === undefined || decoder.over() || end.signal.aborted) return undefined
    const text = reply.body.take()
    if (text !== '') return decoder.feed(text)
    if (!reply.body.over()) return undefined
    const rest = decoder.end()
    return rest.length > 0 ? rest : undefined
  }

  /** Give the connection back where it can be used again, else close it; once. */
  function close(error?: unknown): Promise<Result> {
    closed ??= release(error)
    return closed
  }

  async function release(error: unknown): Promise<Result> {
    signal.removeEventListener('abort', abort)
    if (reply !== undefined) {
      end.signal.removeEventListener('abort', reply.close)
      if (decoder.over() && error === undefined && !end.signal.aborted) reply.drop()
      else await reply.close()
    }
    if (error instanceof ChatError) throw error
    if (error === undefined || end.signal.aborted || decoder.finished()) return OVER
    throw torn(error)
  }

  return {
    next,
    async return() {
      abort()
      // Asking ends with the abort, in an error perhaps that is its own caller's.
      await opened?.catch(() => undefined)
      return close()
    },
  }
}
