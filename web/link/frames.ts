import type { Event } from '../../src/transports/wire.ts'

/** What is heard on an event stream beside its events. */
export interface Ear {
  /** Any byte at all, comments included. */
  heard(): void
  /** The server's `retry:` field, in ms. */
  retry(ms: number): void
}

/** The events of a `text/event-stream`: those that one read completed come together. */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
  ear: Ear,
): AsyncGenerator<readonly Event[]> {
  const decoder = new TextDecoder()
  const parser = createParser(ear)
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      ear.heard()
      const events = parser(decoder.decode(value, { stream: true }))
      if (events.length > 0) yield events
    }
  } finally {
    // A body that broke has no answer to being cancelled; its error was thrown by read() already.
    await reader.cancel().catch(() => undefined)
  }
}

function createParser(ear: Ear): (text: string) => readonly Event[] {
  let rest = ''
  let data: string[] = []
  return text => {
    const events: Event[] = []
    // A CR at the very end may be half of a CRLF: it waits for what follows.
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(5))
      else if (line.startsWith('retry:')) ear.retry(Number(line.slice(6)))
      else if (line === '' && data.length > 0) {
        events.push(JSON.parse(data.join('\n')) as Event)
        data = []
      }
    }
    return events
  }
}
