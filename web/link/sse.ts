import type { Event } from '../../src/transports/wire.ts'
import { type Backoff, createBackoff, insist } from './backoff.ts'
import { follow, newKey } from './cursor.ts'
import { isAhead, mayPass, retryAfterOf } from './error.ts'
import type { Item, Link, Setup } from './types.ts'
import { request } from './request.ts'
import { type Stream, openStream } from './stream.ts'

/** One reader's place in a log. */
interface Cursor {
  readonly generation: string
  readonly backoff: Backoff
  readonly leaving: AbortSignal
  seq: number
}

/** The link over HTTP: POST starts and streams, GET attaches, JSON commands go beside it. */
export function openSseLink(setup: Setup): Link {
  // Streams of starts, each until `events` claims it: the answer begins without a second request.
  const begun = new Map<string, Stream>()
  setup.closing.addEventListener('abort', () => {
    for (const stream of begun.values()) stream.close()
  })

  return {
    start(body, signal = setup.closing) {
      const json = JSON.stringify({ idempotencyKey: newKey(), ...body })
      const limit = AbortSignal.any([signal, setup.closing])
      return insist({ pace: setup.pace, signal: limit, report: setup.report }, attempt =>
        begin(json, attempt),
      )
    },
    events: read,
    stop: generation => command(`chat/generations/${generation}/stop`, {}),
    update: (generation, change) => command(`chat/generations/${generation}/update`, change),
  }

  function command(path: string, body: object): Promise<void> {
    const init = { method: 'POST', body: JSON.stringify(body) }
    return insist({ pace: setup.pace, signal: setup.closing }, async signal => {
      await request(setup, path, { ...init, signal })
    })
  }

  async function begin(json: string, signal: AbortSignal): Promise<string> {
    const stream = await openStream(setup, 'chat/sse', { method: 'POST', body: json, signal })
    const first = await stream?.batches.next()
    const generation = first?.value?.[0]?.generation
    if (stream === undefined || generation === undefined) {
      stream?.close()
      throw new Error('The answer broke off before it began.')
    }
    begun.set(generation, { ...stream, batches: prepend(first?.value, stream.batches) })
    return generation
  }

  async function* read(
    generation: string,
    after: number,
    signal: AbortSignal = setup.closing,
  ): AsyncGenerator<readonly Item[]> {
    const leaving = AbortSignal.any([signal, setup.closing])
    const cursor = { generation, leaving, seq: after, backoff: createBackoff(setup.pace) }
    while (!leaving.aborted) {
      let refusal: unknown
      try {
        if (yield* pour(cursor)) return
      } catch (error) {
        refusal = error ?? new Error('unknown')
      }
      if (leaving.aborted) return
      if (isAhead(refusal) && cursor.seq > 0) {
        cursor.seq = 0
        yield [{ type: 'reset', generation, seq: 0 }]
        continue
      }
      if (refusal !== undefined && !mayPass(refusal)) throw refusal
      const waiting = cursor.backoff.wait(leaving, retryAfterOf(refusal))
      setup.report(cursor.backoff.state(), generation)
      await waiting
    }
  }

  /** What one connection brings; true once the log has ended. */
  async function* pour(cursor: Cursor): AsyncGenerator<readonly Event[], boolean> {
    const stream = claim(cursor) ?? (await attach(cursor))
    if (stream === undefined) return true
    cursor.leaving.addEventListener('abort', stream.close)
    try {
      setup.report('connected', cursor.generation)
      for await (const batch of stream.batches) {
        const step = follow(cursor.seq, batch)
        cursor.seq = step.seq
        if (step.events.length > 0) {
          cursor.backoff.succeed()
          yield step.events
        }
        if (step.ended) return true
        if (step.gap) return false
      }
      return false
    } finally {
      cursor.leaving.removeEventListener('abort', stream.close)
      stream.close()
      const retryMs = stream.retryMs()
      if (retryMs !== undefined) cursor.backoff.setBase(retryMs)
    }
  }

  function claim({ generation, seq }: Cursor): Stream | undefined {
    const stream = begun.get(generation)
    begun.delete(generation)
    if (seq === 0) return stream
    stream?.close()
    return undefined
  }

  function attach({ generation, seq, leaving }: Cursor): Promise<Stream | undefined> {
    const path = `chat/generations/${generation}/events?after=${seq}`
    return openStream(setup, path, { signal: leaving })
  }
}

async function* prepend<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first
  yield* rest
}
