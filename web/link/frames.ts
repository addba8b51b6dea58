import type { Event } from '../../src/transports/wire.ts'

/** What is heard on an event stream beside its events. */
export interface Ear {
  /** Any byte at all, comments included. */
  heard(): void
  /** The server's `retry:` field, in ms. */
  retry(ms: number): void
  /** Nothing more is read, for whatever reason. */
  ended(): void
}

/** The events of a `text/event-stream`: those that one read completed come together. */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
  ear: Ear,
): AsyncGenerator<readonly Event[], never> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ''
  let data = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) throw new Error('The stream broke off.')
      ear.heard()
      // A CR at the very end may be half of a CRLF: it waits for what follows.
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      const events: Event[] = []
      for (const line of lines) {
        if (line.startsWith('data:')) data += line.slice(5)
        else if (line.startsWith('retry:')) ear.retry(Number(line.slice(6)))
        else if (line === '' && data !== '') {
          events.push(JSON.parse(data) as Event)
          data = ''
        }
      }
      if (events.length > 0) yield events
    }
  } finally {
    ear.ended()
  }
}
