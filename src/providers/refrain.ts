import type { Chunk } from '../core/chunk.ts'
import { type Speech, createDialect } from './dialect.ts'

/**
 * What the events of one answer have in common. Most servers repeat an event byte by byte but for
 * the piece that was said; one that differs from an earlier one in nothing else is not parsed again.
 */
export interface Refrain {
  /** What an event says, if it is the one that was learnt with another piece in it. */
  match(json: string): Speech | undefined
  /** Learn an event that was parsed and said that. */
  learn(json: string, said: Chunk): void
}

/** Events learnt without one that matched. Some never do: OpenAI may pad each with noise. */
const TRIES = 8

/** A JSON string of these characters stands for itself. */
const PLAIN = /^[^"\\\p{Cc}]+$/u

const PROBE = 'another piece'

export function createRefrain(): Refrain {
  let type: Speech['type'] = 'text'
  let before: string | undefined
  let after = ''
  let tries = TRIES

  return {
    match(json) {
      if (before === undefined || json.length <= before.length + after.length) return undefined
      if (!json.startsWith(before) || !json.endsWith(after)) return undefined
      const text = json.slice(before.length, json.length - after.length)
      if (!PLAIN.test(text)) return undefined
      tries = TRIES
      return { type, text }
    },
    learn(json, said) {
      if (tries === 0 || !('text' in said)) return
      tries--
      const place = json.indexOf(`"${said.text}"`) + 1
      const head = json.slice(0, place)
      const tail = json.slice(place + said.text.length)
      if (place === 0 || !says(head + PROBE + tail, said.type)) return
      type = said.type
      before = head
      after = tail
    },
  }
}

/** Whether an event says the probe and nothing else. */
function says(json: string, type: Speech['type']): boolean {
  const batch: Chunk[] = []
  try {
    createDialect().hear(JSON.parse(json), batch)
  } catch {
    // The piece was found in a place where it was no string: then the probe breaks the event.
    return false
  }
  const [chunk] = batch
  return batch.length === 1 && chunk?.type === type && chunk.text === PROBE
}
