/**
 * What one answer brought to the measuring client. It reads the texts of both transports, and of the
 * baselines, by one way: it looks for the tokens in whatever frames they come, and for the numbers
 * of the events.
 */
import { TOKEN_CHARS, age } from '../clock.ts'

export interface Tally {
  /** Read what the socket brought at that moment. */
  feed(text: string, at: number): void
  readonly tokens: number
  /** Events that brought them: fewer, where tokens that arrived together were joined. */
  readonly pieces: number
  /** Events that were missing or doubled. */
  readonly lost: number
  /** When the first token was read. */
  readonly first: number | undefined
  /** The last event's. */
  readonly seq: number
  readonly generation: string | undefined
  /** The terminal event was read, or the baselines' `[DONE]`. */
  readonly ended: boolean
  readonly failed: string | undefined
}

export interface TallyOptions {
  /** Where the numbering goes on: an answer's own is 0. */
  readonly after?: number
  /** Hear how old each token was; its text is a moment only if our upstream wrote it. */
  readonly hear?: ((ageMs: number) => void) | undefined
}

/** One event of the server, as far as it matters here. */
const EVENT = /"generation":"([^"]+)","seq":(\d+),"type":"(\w+)"(?:,"text":"([^"]*)")?/g
/** One chunk of the upstream, whether passed on as it is or parsed and written again. */
const CHUNK = /"content":"([^"]+)"|(\[DONE\])/g

export function createTally({ after = 0, hear }: TallyOptions = {}): Tally {
  let rest = ''
  let tokens = 0
  let pieces = 0
  let lost = 0
  let first: number | undefined
  let seq = after
  let generation: string | undefined
  let ended = false
  let failed: string | undefined

  function say(text: string, at: number): void {
    if (text === '') return
    first ??= at
    pieces++
    for (let index = 0; index < text.length; index += TOKEN_CHARS) {
      tokens++
      hear?.(age(text, index, at))
    }
  }

  function number(given: number): void {
    if (given !== seq + 1) lost++
    seq = given
  }

  function scan(text: string, at: number): void {
    let numbered = false
    for (const [, id, given, type, said] of text.matchAll(EVENT)) {
      numbered = true
      generation ??= id
      number(Number(given))
      if (type === 'text') say(said ?? '', at)
      if (type === 'done' || type === 'failed') ended = true
      if (type === 'failed') failed = text.slice(-300)
    }
    if (numbered) return
    for (const [, said, done] of text.matchAll(CHUNK)) {
      if (done === undefined) say(said ?? '', at)
      else ended = true
    }
  }

  return {
    feed(text, at) {
      const all = rest + text
      // What is before the last brace, or the bracket of [DONE], is whole.
      const end = Math.max(all.lastIndexOf('}'), all.lastIndexOf(']')) + 1
      rest = all.slice(end)
      if (end > 0) scan(all.slice(0, end), at)
    },
    get tokens() {
      return tokens
    },
    get pieces() {
      return pieces
    },
    get lost() {
      return lost
    },
    get first() {
      return first
    },
    get seq() {
      return seq
    },
    get generation() {
      return generation
    },
    get ended() {
      return ended
    },
    get failed() {
      return failed
    },
  }
}
