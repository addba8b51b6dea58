import type { Chunk } from '../core/chunk.ts'
import { type Speech, createDialect } from './dialect.ts'

/**
 * What the events of one answer have in common. Most servers repeat an event byte by byte but for
 * the piece that was said; one that differs from an earlier one in nothing else is not parsed again.
 */
export interface Refrain {
  /** What an event says, if it is the one that was learnt with another piece in it. */
  match(event: string): Speech | undefined
  /** Learn an event that was parsed and said that; both are without their blank line. */
  learn(event: string, said: Chunk): void
}

/** Events learnt without one that matched. Some never do: OpenAI may pad each with noise. */
const TRIES = 8

/** A JSON string of these characters stands for itself. */
const PLAIN = /^[^"\\\p{Cc}]+$/u

/** An event of one line: JSON that broke over two would not parse without its parser. */
const DATA = 'data: '

const PROBE = 'another piece'

export function createRefrain(): Refrain {
  let type: Speech['type'] = 'text'
  let before: string | undefined
  let after = ''
  let tries = TRIES

  return {
    match(event) {
      if (before === undefined || event.length <= before.length + after.length) return undefined
      const end = event.length - after.length
      // Slices are compared word by word, startsWith goes by characters.
      if (event.slice(end) !== after || event.slice(0, before.length) !== before) return undefined
      const text = event.slice(before.length, end)
      if (!PLAIN.test(text)) return undefined
      tries = TRIES
      return { type, text }
    },
    learn(event, said) {
      if (tries === 0 || !event.startsWith(DATA) || !('text' in said)) return
      tries--
      const place = event.indexOf(`"${said.text}"`) + 1
      const head = event.slice(0, place)
      const tail = event.slice(place + said.text.length)
      if (place === 0 || !says(head + PROBE + tail, said.type)) return
      type = said.type
      before = head
      after = tail
    },
  }
}

/** Whether an event says the probe and nothing else. */
function says(event: string, type: Speech['type']): boolean {
  const batch: Chunk[] = []
  try {
    createDialect().hear(JSON.parse(event.slice(DATA.length)), batch)
  } catch {
    // The piece was found in a place where it was no string: then the probe breaks the event.
    return false
  }
  const [chunk] = batch
  return batch.length === 1 && chunk?.type === type && chunk.text === PROBE
}
