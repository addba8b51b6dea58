import type { Chunk, Prompt, Provider } from '../core/chunk.ts'
import { answer, silenceOf } from './demo-answer.ts'

export interface DemoOptions {
  /** The pace; `Infinity` says everything at once, in batches. Default 40, as a brisk model. */
  readonly tokensPerSecond?: number
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly now?: () => number
}

/** Pieces of one batch at most, so that a fast answer still lets others have a turn in between. */
const maxBatch = 256

/** What will be said: a chunk per piece, and what goes out with the last of them. */
interface Speech {
  readonly pieces: readonly Chunk[]
  readonly ending: readonly Chunk[]
  /** Before the first of them. */
  readonly silenceMs: number
}

interface Pace {
  /** Milliseconds from one piece to the next. */
  readonly gap: number
  readonly now: () => number
}

/** A wait that can be cut short for good; while nobody waits it holds no timer and no listener. */
interface Rest {
  readonly over: () => boolean
  readonly wait: (ms: number) => Promise<void>
  readonly end: () => void
}

/**
 * The built-in model: scripted, keyless, and the same for the same prompt, so that the product can
 * be tried without a network. Obeys `max_tokens`, `stop` and `prefix`; its tokens are its pieces,
 * those of `reasoning` included. Throws RangeError for a pace that is not above zero.
 */
export function createDemo(options: DemoOptions = {}): Provider {
  const { tokensPerSecond = 40, now = () => performance.now() } = options
  if (!(tokensPerSecond > 0)) throw new RangeError('tokensPerSecond must be a number above zero.')
  const pace = { gap: 1000 / tokensPerSecond, now }
  return {
    stream: (prompt, signal) => ({
      [Symbol.asyncIterator]: () => open(speech(prompt), pace, createRest(signal)),
    }),
  }
}

/** A generator alone would keep `return` waiting for the timer of a `next` still under way. */
function open(speech: Speech, pace: Pace, rest: Rest): AsyncIterator<readonly Chunk[], void> {
  const batches = paced(speech, pace, rest)
  return {
    next: () => batches.next(),
    return() {
      rest.end()
      return batches.return(undefined)
    },
  }
}

/** Whatever is due by now, each time; a late timer or a slow reader only makes a batch bigger. */
async function* paced(
  { pieces, ending, silenceMs }: Speech,
  { gap, now }: Pace,
  rest: Rest,
): AsyncGenerator<readonly Chunk[], void> {
  if (silenceMs > 0) await rest.wait(silenceMs)
  const start = now()
  let sent = 0
  while (!rest.over()) {
    const due = gap > 0 ? Math.floor((now() - start) / gap) + 1 : Infinity
    const batch = pieces.slice(sent, Math.min(due, sent + maxBatch))
    sent += batch.length
    if (sent === pieces.length) {
      yield [...batch, ...ending]
      return
    }
    if (batch.length > 0) yield batch
    await rest.wait(Math.ceil(start + sent * gap - now()))
  }
}

function createRest(signal: AbortSignal): Rest {
  let ended = false
  let wake = () => {}
  const over = () => ended || signal.aborted
  return {
    over,
    wait: ms =>
      new Promise(resolve => {
        if (over()) return resolve()
        const done = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, Math.max(ms, 0))
        signal.addEventListener('abort', done)
        wake = done
      }),
    end() {
      ended = true
      wake()
    },
  }
}

function speech(prompt: Prompt): Speech {
  const { reasoning, text } = answer(prompt)
  const { max_tokens: limit = Infinity, stop = [] } = prompt.params
  const wanted = [...chunks('reasoning', reasoning), ...chunks('text', before(stop, text))]
  const pieces = wanted.slice(0, limit)
  const heard = [...prompt.messages.map(message => message.content), prompt.prefix ?? '']
  const input = heard.reduce((sum, said) => sum + split(said).length, 0)
  const reason = pieces.length < wanted.length ? 'length' : 'complete'
  return {
    pieces,
    silenceMs: silenceOf(prompt),
    ending: [
      { type: 'finish', reason },
      { type: 'usage', input, output: pieces.length },
    ],
  }
}

const chunks = (type: 'text' | 'reasoning', said: string): readonly Chunk[] =>
  split(said).map(text => ({ type, text }))

/** The text up to the first stop sequence; half a surrogate pair is none, it would cut an emoji. */
function before(stops: readonly string[], text: string): string {
  const found = stops
    .filter(stop => stop !== '' && stop.isWellFormed())
    .map(stop => text.indexOf(stop))
    .filter(at => at >= 0)
  return text.slice(0, Math.min(text.length, ...found))
}

/**
 * About what a model calls a token: two Chinese characters, up to six letters, an emoji with all
 * its parts, some punctuation; a single space or newline goes with what follows it.
 */
const piece =
  /[ \n]?(?:\p{sc=Han}{1,2}|[[\p{L}\p{M}\p{N}]--\p{sc=Han}]{1,6})|\p{RGI_Emoji}|[ \n]?[[\p{P}\p{S}]--[\p{Emoji_Presentation}\p{Extended_Pictographic}]]{1,4}|\s{1,16}(?=\s\S)|\s{1,16}|./gsv

const split = (text: string): readonly string[] => text.match(piece) ?? []
