/** From the text of a response body to chunks: server-sent events, or one JSON document. */
import { type EventSourceMessage, createParser } from 'eventsource-parser'
import type { Chunk } from '../core/chunk.ts'
import { ChatError } from '../core/errors.ts'
import { createDialect, gaveUp } from './dialect.ts'
import { broken } from './failure.ts'
import { createRefrain } from './refrain.ts'

export interface Decoder {
  /** The chunks of one read; undefined when nothing in it was progress (comments are not). */
  feed(text: string): readonly Chunk[] | undefined
  /** The body has ended: the chunks of what was left over. */
  end(): readonly Chunk[]
  /** Nothing that follows on the wire belongs to the answer. */
  over(): boolean
  /** The model has said why it ended: whatever goes wrong afterwards, the answer is whole. */
  finished(): boolean
  /** Why the answer is over before its end; thrown after the chunks that came before it. */
  failure(): ChatError | undefined
}

/** Characters of a line, and of an event of many: 1 MiB in one delta passes, no more than twice. */
const LINE_CHARS = 2 * 1024 * 1024
/** Characters of an answer that came as one JSON document: twice what an answer may have. */
const DOCUMENT_CHARS = 16 * 1024 * 1024

/** What ends an event. */
const BLANK = '\n\n'

type Form = 'events' | 'document' | 'page'

export function createDecoder(): Decoder {
  const dialect = createDialect()
  const refrain = createRefrain()
  const parser = createParser({
    maxBufferSize: LINE_CHARS,
    onEvent,
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') fail(broken('The model sent too long a line.'))
    },
  })
  let form: Form | undefined
  let document = ''
  let batch: Chunk[] = []
  let alive = false
  // Invariant: the parser holds no part of an event.
  let between = true
  let over = false
  let failure: ChatError | undefined

  function fail(error: ChatError): void {
    over = true
    // A complete answer is not spoiled by what goes wrong behind it.
    if (dialect.finished()) dialect.close(batch)
    else failure = error
  }

  function onEvent({ event, data }: EventSourceMessage): void {
    if (over || data.trim() === '') return
    if (data.trim() === '[DONE]') {
      over = true
      dialect.close(batch)
      return
    }
    if (event === 'error') fail(gaveUp())
    else hear(data)
  }

  function hear(json: string): void {
    try {
      alive = dialect.hear(JSON.parse(json), batch) || alive
    } catch (error) {
      if (error instanceof ChatError) fail(error)
      else if (error instanceof SyntaxError) fail(broken('The model sent garbled data.'))
      else throw error
    }
  }

  /** Whole events are taken one by one, so that those that repeat need no parser. */
  function listen(text: string): void {
    const whole = text.endsWith(BLANK)
    let at = 0
    let end = between && whole ? text.indexOf(BLANK) : -1
    for (; end !== -1; end = text.indexOf(BLANK, at)) {
      meet(text.slice(at, end))
      at = end + BLANK.length
    }
    // A line break more than needed is no event, and nothing that an event could begin with.
    if (at < text.length) parser.feed(text.slice(at))
    between = whole
  }

  function meet(event: string): void {
    const speech = over || dialect.finished() ? undefined : refrain.match(event)
    if (speech === undefined) learn(event)
    else {
      alive = true
      dialect.say(speech.type, speech.text, batch)
    }
  }

  function learn(event: string): void {
    const from = batch.length
    parser.feed(event + BLANK)
    const said = batch[from]
    if (said !== undefined && batch.length === from + 1) refrain.learn(event, said)
  }

  /** A document is all there is, so that it must hold an answer; its end is the answer's end. */
  function read(): void {
    hear(document)
    if (!dialect.finished()) hear('{"choices":[{"finish_reason":"stop"}]}')
    const answers = batch.some(
      chunk => chunk.type === 'text' || (chunk.type === 'finish' && chunk.reason !== 'complete'),
    )
    if (failure === undefined && answers) return
    over = true
    batch = []
    failure = noAnswer()
  }

  function take(): readonly Chunk[] {
    const taken = batch
    batch = []
    alive = false
    return taken
  }

  function add(text: string): void {
    const rest = form === undefined ? text.trimStart() : text
    form ??= sniff(rest)
    if (form === 'page') fail(noAnswer())
    if (form === 'document') document += rest
    if (form === 'events') listen(rest)
    if (document.length > DOCUMENT_CHARS) fail(broken('The model sent too long a document.'))
  }

  return {
    feed(text) {
      if (!over) add(text)
      return alive || batch.length > 0 ? take() : undefined
    },
    end() {
      if (over) return []
      // The last event may lack its blank line.
      if (form === 'events') parser.feed('\n\n')
      if (form === 'document') read()
      if (!over) dialect.close(batch)
      over = true
      return take()
    },
    over: () => over,
    finished: dialect.finished,
    failure: () => failure,
  }
}

/** By the first character (a BOM is blank): the content types of these servers are not reliable. */
function sniff(start: string): Form | undefined {
  if (start === '') return undefined
  if (start.startsWith('<')) return 'page'
  return /^[[{]/.test(start) ? 'document' : 'events'
}

const noAnswer = (): ChatError => broken('The model sent something that is no answer.')
