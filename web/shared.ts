import type { Item, Link, StartBody } from './link/link.ts'
import type { Claim, Slot } from './slots.ts'

/** What a link that shares is made of. */
export interface Sharing {
  readonly sse: Link
  /** A browser has hundreds of these where it has six HTTP connections. */
  readonly websocket: Link
  readonly claim: Claim
  /** Told whether an answer has to go over WebSocket, because other tabs have all the slots. */
  readonly crowded: (crowded: boolean) => void
}

/** What is read, and from where. */
interface Reading {
  readonly generation: string
  readonly after: number
  readonly signal: AbortSignal
}

/** SSE for as many tabs as there are slots, and WebSocket for the rest: a cursor fits both. */
export function openSharedLink({ sse, websocket, claim, crowded }: Sharing): Link {
  // How each start went out, until `events` claims it; undefined is over WebSocket.
  const begun = new Map<string, Slot | undefined>()
  const { signal: never } = new AbortController()

  async function start(body: StartBody, signal?: AbortSignal): Promise<string> {
    const slot = await claim()
    crowded(slot === undefined)
    try {
      const generation = await (slot ? sse : websocket).start(body, signal)
      begun.set(generation, slot)
      return generation
    } catch (error) {
      slot?.release()
      throw error
    }
  }

  async function* events(
    generation: string,
    after: number,
    signal = never,
  ): AsyncGenerator<readonly Item[]> {
    const slot = begun.has(generation) ? begun.get(generation) : await claim()
    begun.delete(generation)
    const rest = slot ? yield* overSse(slot, { generation, after, signal }) : after
    if (rest === undefined) return
    crowded(true)
    yield* websocket.events(generation, rest, signal)
  }

  /** To the end of the answer, or until the slot is lost: then with the number to go on after. */
  async function* overSse(
    slot: Slot,
    { generation, after, signal }: Reading,
  ): AsyncGenerator<readonly Item[], number | undefined> {
    crowded(false)
    let last: Item | undefined
    try {
      const limit = AbortSignal.any([slot.lost, signal])
      for await (const items of sse.events(generation, after, limit)) {
        last = items.at(-1)
        yield items
      }
    } finally {
      slot.release()
    }
    const ended = last?.type === 'done' || last?.type === 'failed'
    return ended || signal.aborted || !slot.lost.aborted ? undefined : (last?.seq ?? after)
  }

  return {
    start,
    events,
    stop: generation => sse.stop(generation),
    update: (generation, change) => sse.update(generation, change),
  }
}
