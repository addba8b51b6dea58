import { type Changed, changed } from './changed.ts'
import type { Chunk, FinishReason } from './chunk.ts'
import { weigh } from './conversation.ts'
import type { Said, Tokens, Updated } from './event.ts'

/** What an answer has said so far and what it has cost, over all its legs. */
export interface Answer {
  text(): string
  reasoning(): string
  /** UTF-8 bytes said in all, also those that a restart dropped. */
  bytes(): number
  /** About how much JSON text its log has: many small pieces are little text and a long log. */
  logged(): number
  /** How the provider ended this leg, once it has. */
  finish(): FinishReason | undefined
  /** A provider is asked: what it reports from here on is about this leg. */
  begin(inputTokens: number): void
  /** Hear one batch; returns what is to be logged of it, neighbours of one type joined. */
  hear(batch: readonly Chunk[]): readonly Said[]
  /** That was kept: from here on the answer has said it. */
  say(said: readonly Said[]): void
  /** Other settings took over; a restart drops the text so far. */
  change(updated: Omit<Updated, 'type'>): void
  /** Where that was. */
  changes(): readonly Changed[]
  /** The sum over the legs, none if no provider has said anything. */
  usage(): Tokens | undefined
}

/** Of an event's JSON, what is not its text: generation, seq, type. */
const EVENT_BYTES = 80

interface Leg {
  input: number
  output: number
  heard: boolean
  reported?: { input: number; output: number }
}

export function createAnswer(): Answer {
  let text = ''
  let reasoning = ''
  let bytes = 0
  let logged = 0
  let finish: FinishReason | undefined
  let leg: Leg = { input: 0, output: 0, heard: false }
  let changes: readonly Changed[] = []
  const legs: Leg[] = []

  return {
    text: () => text,
    reasoning: () => reasoning,
    bytes: () => bytes,
    logged: () => logged,
    finish: () => finish,
    begin(inputTokens) {
      leg = { input: inputTokens, output: 0, heard: false }
      legs.push(leg)
      finish = undefined
    },
    hear(batch) {
      leg.heard ||= batch.length > 0
      for (const chunk of batch) {
        if (chunk.type === 'finish') finish = chunk.reason
        if (chunk.type === 'usage') leg.reported = { input: chunk.input, output: chunk.output }
      }
      return join(batch)
    },
    say(said) {
      for (const piece of said) {
        const weight = weigh(piece.text)
        bytes += weight.bytes
        logged += weight.bytes + EVENT_BYTES
        leg.output += weight.tokens
        if (piece.type === 'text') text += piece.text
        else reasoning += piece.text
      }
    },
    change(updated) {
      logged += JSON.stringify(updated.params).length + EVENT_BYTES
      changes = changed(changes, updated, text)
      if (updated.mode === 'continue') return
      text = ''
      reasoning = ''
    },
    changes: () => changes,
    usage: () => total(legs.filter(({ heard }) => heard)),
  }
}

/** Text and reasoning of a batch; what arrived together travels as one event. */
function join(batch: readonly Chunk[]): Said[] {
  const said: { type: Said['type']; text: string }[] = []
  for (const chunk of batch) {
    if ((chunk.type !== 'text' && chunk.type !== 'reasoning') || chunk.text === '') continue
    const last = said.at(-1)
    if (last?.type === chunk.type) last.text += chunk.text
    else said.push({ type: chunk.type, text: chunk.text })
  }
  return said
}

function total(legs: readonly Leg[]): Tokens | undefined {
  if (legs.length === 0) return undefined
  const sum = (of: 'input' | 'output'): number =>
    legs.reduce((all, leg) => all + (leg.reported ?? leg)[of], 0)
  const estimated = legs.some(({ reported }) => reported === undefined)
  return { input: sum('input'), output: sum('output'), estimated }
}
