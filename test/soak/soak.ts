/** Many live answers for a long time, with drops and slow readers; what grows is a leak. */
import { setTimeout as sleep } from 'node:timers/promises'
import { randomFrom } from '../support/random.ts'
import { chunks, end, finish, head } from '../support/script.ts'
import { type Teardown, startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { websocketWire } from '../support/wire-websocket.ts'
import { type Reader, Refused, type Wire, isTerminal } from '../support/wire.ts'

export interface Soak {
  readonly url: string
  readonly streams: number
  /** Of the readers, each minute. */
  readonly drops: number
  /** Share of readers that take their time. */
  readonly slow: number
  readonly seed: number
  readonly signal: AbortSignal
}

/** What happened so far. */
export interface Tally {
  answers: number
  events: number
  drops: number
  /** Seqs that did not follow the one before, and answers that failed; in a sentence each. */
  readonly wrong: string[]
}

/** Pieces of an answer and the pause between them: it takes a minute. */
const PIECES = 240
const PAUSE_MS = 250
/** A slow reader looks once in this time. */
const SLOW_MS = 2000

/** A model that says a word four times a second, for a minute. Returns its address. */
export async function startModel(t: Teardown): Promise<string> {
  const upstream = await startUpstream(t)
  const words = Array.from({ length: PIECES }, (_, i) => [
    chunks({ content: `word ${i} ` }),
    // Nobody waits for a model whose listeners are gone.
    () => sleep(PAUSE_MS, undefined, { ref: false }),
  ])
  upstream.always(head(), ...words.flat(), finish(), end)
  return upstream.baseURL
}

/** Resolves once the signal aborts and all readers have left. */
export async function soak(t: Teardown, options: Soak): Promise<Tally> {
  const { url, streams, slow, seed, signal } = options
  const random = randomFrom(seed)
  const tally: Tally = { answers: 0, events: 0, drops: 0, wrong: [] }
  const wires: Wire[] = [sseWire(url), websocketWire(t, url)]
  const readers = Array.from({ length: streams }, async (_, i) => {
    // Not all at once: so they go on at different places of their answers.
    await sleep((random() * PIECES * PAUSE_MS) / 2, undefined, { signal }).catch(() => undefined)
    const wire = wires[i % wires.length] as Wire
    const restMs = i < streams * slow ? SLOW_MS : 0
    while (!signal.aborted) await listen({ ...options, wire, tally, random, restMs })
  })
  await Promise.all(readers)
  return tally
}

interface Listening extends Soak {
  readonly wire: Wire
  readonly tally: Tally
  readonly random: () => number
  readonly restMs: number
}

/** One answer to its end, over as many connections as the drops make of it. */
async function listen({ wire, tally, random, restMs, drops, signal }: Listening): Promise<void> {
  let seen = 0
  let reader: Reader | undefined
  const leave = (): void => reader?.drop()
  signal.addEventListener('abort', leave)
  try {
    reader = await wire.start({ messages: [{ role: 'user', content: 'talk' }] })
    const perEvent = drops / (60_000 / PAUSE_MS)
    for (let ended = false; !ended && !signal.aborted;) {
      for await (const { event } of reader) {
        if (event.seq !== seen + 1) tally.wrong.push(`${event.seq} after ${seen}`)
        seen = event.seq
        tally.events++
        ended = isTerminal(event)
        if (event.type === 'failed') tally.wrong.push(`failed: ${event.code}`)
        if (restMs > 0) await rest(reader, restMs)
        if (signal.aborted) break
        if (ended || random() >= perEvent) continue
        tally.drops++
        break
      }
      reader.drop()
      if (!ended && !signal.aborted) reader = await wire.attach(reader.generation, seen)
    }
    tally.answers++
  } catch (error) {
    if (signal.aborted) return
    if (!(error instanceof Refused)) tally.wrong.push(String(error))
    else if (error.code !== 'overloaded') tally.wrong.push(error.message)
    await sleep(1000)
  } finally {
    signal.removeEventListener('abort', leave)
    reader?.drop()
  }
}

function rest(reader: Reader, ms: number): Promise<void> {
  reader.pause?.(ms)
  return sleep(ms)
}
