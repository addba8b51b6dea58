import { createParser } from 'eventsource-parser'
import type { Event } from '../../src/transports/wire.ts'
import { type Heard, type Reader, Refused, type Wire } from './wire.ts'

/** HTTP and Server-Sent Events, over Node's own fetch; with a key where one is wanted. */
export function sseWire(url: string, key?: string): Wire {
  const api = `${url}/api/ai/chat`
  const keyed = key === undefined ? {} : { authorization: `Bearer ${key}` }

  async function post(path: string, body: object, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...keyed }
    const sent = { method: 'POST', headers, body: JSON.stringify(body), ...init }
    return checked(await fetch(`${api}${path}`, sent))
  }
  return {
    name: 'sse',
    async start(body) {
      const gone = new AbortController()
      return read(await post('/sse', body, { signal: gone.signal }), gone)
    },
    async attach(generation, after) {
      const gone = new AbortController()
      const from = after === undefined ? {} : { 'last-event-id': `${generation}:${after}` }
      const headers = { ...keyed, ...from }
      const path = `${api}/generations/${generation}/events`
      const response = await fetch(path, { headers, signal: gone.signal })
      return read(await checked(response), gone, generation)
    },
    async stop(generation) {
      await post(`/generations/${generation}/stop`, {}).then(response => response.text())
    },
    async update(generation, change) {
      await post(`/generations/${generation}/update`, change).then(response => response.text())
    },
  }
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response
  const { error } = (await response.json()) as {
    error: { code: string; message: string; retryAfter?: number }
  }
  throw new Refused(error.code, error.message, error.retryAfter)
}

async function read(response: Response, gone: AbortController, id?: string): Promise<Reader> {
  const heard = decode(response)
  const first = await heard.next()
  const generation = id ?? first.value?.event.generation
  if (generation === undefined) throw new Error('the stream ended without an event')
  return Object.assign(whole(first, heard), { generation, drop: () => gone.abort() })
}

/** The generator with its first value put back; a drop ends it instead of throwing. */
async function* whole(
  first: IteratorResult<Heard, void>,
  more: AsyncGenerator<Heard, void>,
): AsyncGenerator<Heard, void> {
  if (first.done === true) return
  yield first.value
  try {
    yield* more
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error
  }
}

/** Also holds the framing to what protocol says: an id that matches, one data line, no event name. */
async function* decode(response: Response): AsyncGenerator<Heard, void> {
  const ready: Heard[] = []
  const parser = createParser({
    onEvent({ id, event: name, data }) {
      const event = JSON.parse(data) as Event
      if (id !== `${event.generation}:${event.seq}`) throw new Error(`id ${id} of ${data}`)
      if (name !== undefined || data.includes('\n')) throw new Error(`not our framing: ${data}`)
      ready.push({ event, json: data })
    },
  })
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) {
    parser.feed(decoder.decode(bytes, { stream: true }))
    yield* ready.splice(0)
  }
}
