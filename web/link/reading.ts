import { createBackoff } from './backoff.ts'
import { isLast, next } from './cursor.ts'
import { isAhead, mayPass } from './error.ts'
import type { Carrier, Item, Link, Setup, Stream } from './types.ts'

export interface Reading extends Pick<Link, 'events'> {
  /** Keep what a start already brings until `events` claims it; returns its generation. */
  readonly begin: (stream: Stream) => string
}

/** Answers that were started and that nobody reads: past so many the oldest are left alone. */
const MAX_BEGUN = 100

/** How logs are read, over as many connections as it takes. */
export function createReading({ pace, closing, report }: Setup, carrier: Carrier): Reading {
  const begun = new Map<string, Stream>()

  function claim(generation: string, seq: number): Stream | undefined {
    const stream = begun.get(generation)
    begun.delete(generation)
    if (seq === 0) return stream
    stream?.close()
    return undefined
  }

  async function* read(
    generation: string,
    after: number,
    leaving: AbortSignal,
  ): AsyncGenerator<readonly Item[]> {
    const backoff = createBackoff(pace, state => report(state, generation))
    let seq = after
    while (!leaving.aborted) {
      let stream: Stream | undefined
      try {
        stream = claim(generation, seq) ?? (await carrier.attach(generation, seq, leaving))
        if (!stream) return
        leaving.addEventListener('abort', stream.close)
        if (leaving.aborted) return
        report('connected', generation)
        for await (const batch of stream.batches) {
          if (leaving.aborted) return
          const events = next(seq, batch)
          seq += events.length
          if (events.length > 0) {
            backoff.succeed()
            yield events
          }
          if (isLast(events.at(-1))) return
          if ((batch.at(-1)?.seq ?? 0) > seq) throw new Error('An event is missing.')
        }
      } catch (error) {
        if (leaving.aborted) return
        if (isAhead(error) && seq > 0) {
          seq = 0
          yield [{ type: 'reset', generation, seq: 0 }]
        } else if (mayPass(error)) await backoff.wait(error, leaving)
        else throw error
      } finally {
        if (stream) leaving.removeEventListener('abort', stream.close)
        stream?.close()
      }
    }
  }

  return {
    begin(stream) {
      const { generation } = stream
      begun.get(generation)?.close()
      begun.set(generation, stream)
      for (const [oldest, { close }] of begun) {
        if (begun.size <= MAX_BEGUN) break
        begun.delete(oldest)
        close()
      }
      return generation
    },
    events(generation, after, signal = closing) {
      const gone = new AbortController()
      const batches = read(generation, after, AbortSignal.any([signal, closing, gone.signal]))
      const leave = batches.return.bind(batches)
      // By itself a generator returns only after the `next()` that is waited for.
      batches.return = value => {
        gone.abort()
        return leave(value)
      }
      return batches
    },
  }
}
