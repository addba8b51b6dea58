/** Two sorts of clients with one face: bare connections, and the library that the page uses. */
import { type Link, LinkError, openLink } from '../../web/link/link.ts'
import type { Teardown } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { websocketWire } from '../support/wire-websocket.ts'
import { type Reader, Refused, type Wire } from '../support/wire.ts'

export interface Client {
  readonly name: string
  /** Resolves with the generation; may be lost on the way, then it is asked again. */
  start(body: object): Promise<string>
  /** The texts of events as they come; ends with the connection, or when the signal aborts. */
  read(place: Place, signal: AbortSignal): AsyncIterable<string>
  stop(generation: string): Promise<void>
  update(generation: string, change: object): Promise<void>
}

export interface Place {
  readonly generation: string
  readonly after: number
}

/** What the server refused with; undefined where it was the connection that failed. */
export function refusalOf(error: unknown): string | undefined {
  if (error instanceof Refused) return error.code
  if (error instanceof LinkError && error.code !== 'unreachable') return error.code
  return undefined
}

/** All ways to the server, each by itself. */
export function openClients(t: Teardown, url: string): readonly Client[] {
  const over = new AbortController()
  t.teardown(() => over.abort())
  const options = {
    base: url,
    signal: over.signal,
    pace: { baseMs: 20, capMs: 200, patienceMs: 5000 },
  }
  return [
    bare(sseWire(url)),
    bare(websocketWire(t, url)),
    viaLink('link over sse', openLink('sse', options)),
    viaLink('link over websocket', openLink('websocket', options)),
  ]
}

function bare(wire: Wire): Client {
  // Readers of starts, each until it is read.
  const begun = new Map<string, Reader>()
  return {
    name: `bare ${wire.name}`,
    async start(body) {
      const reader = await wire.start(body)
      begun.set(reader.generation, reader)
      return reader.generation
    },
    async *read({ generation, after }, signal) {
      const started = begun.get(generation)
      begun.delete(generation)
      if (after > 0) started?.drop()
      const reader =
        started !== undefined && after === 0 ? started : await wire.attach(generation, after)
      signal.addEventListener('abort', reader.drop)
      try {
        if (signal.aborted) return
        for await (const { json } of reader) yield json
      } finally {
        signal.removeEventListener('abort', reader.drop)
        reader.drop()
      }
    },
    stop: generation => wire.stop(generation),
    update: (generation, change) => wire.update(generation, change),
  }
}

function viaLink(name: string, link: Link): Client {
  return {
    name,
    start: body => link.start(body),
    async *read({ generation, after }, signal) {
      // A log that forgets what it sent begins again with a reset: its seq is 0, and judged.
      for await (const items of link.events(generation, after, signal))
        for (const item of items) yield JSON.stringify(item)
    },
    stop: generation => link.stop(generation),
    update: (generation, change) => link.update(generation, change),
  }
}
