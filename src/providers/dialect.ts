/**
 * What the events of an OpenAI-compatible stream mean, in the dialects of its many servers. Knows
 * nothing of bytes and lines.
 */
import type { Chunk, FinishReason } from '../core/chunk.ts'
import { ChatError } from '../core/errors.ts'

export interface Dialect {
  /**
   * Add what an event says to `batch`. Returns whether it was a sign of life of the model. Throws
   * ChatError `provider_unavailable` when it says that the answer failed.
   */
  hear(event: unknown, batch: Chunk[]): boolean
  /** Add a piece to `batch`; what is no text of some length is none. */
  say(type: Speech['type'], piece: unknown, batch: Chunk[]): void
  /** Add what was held back; the answer is over. */
  close(batch: Chunk[]): void
  /** The model has said why it ended. */
  readonly finished: () => boolean
}

/** Why a model ended; an unknown reason (`tool_calls`, `eos`, …) is an ordinary end. */
const reasons: ReadonlyMap<unknown, FinishReason> = new Map([
  ['length', 'length'],
  ['content_filter', 'content_filter'],
])
/** Ends of DeepSeek and OpenRouter that are none: the machine gave up in the middle. */
const failures: ReadonlySet<unknown> = new Set(['insufficient_system_resource', 'error'])

/** A piece of the answer or of the reasoning. */
export type Speech = Extract<Chunk, { text: string }>
type Fields = Readonly<Record<string, unknown>>

/** One answer: it remembers between events what belongs together. */
export function createDialect(): Dialect {
  let finished = false
  let usage: Chunk | undefined
  // Invariant: each is empty or one high surrogate, whose low half comes with the next piece.
  const held: Record<Speech['type'], string> = { reasoning: '', text: '' }

  function say(type: Speech['type'], piece: unknown, batch: Chunk[]): void {
    if (typeof piece !== 'string' || piece === '') return
    const text = held[type] + piece
    const end = endsInHalf(text) ? -1 : text.length
    held[type] = text.slice(end)
    if (text.length > held[type].length) batch.push({ type, text: text.slice(0, end) })
  }

  function flush(batch: Chunk[]): void {
    for (const type of ['reasoning', 'text'] as const) {
      if (held[type] !== '') batch.push({ type, text: held[type] })
      held[type] = ''
    }
  }

  return {
    say,
    hear(event, batch) {
      if (!isFields(event)) return false
      if (isFailure(event)) throw gaveUp()
      usage = count(event['usage']) ?? usage
      const choice = first(event['choices'])
      if (choice === undefined || finished) return false
      // `message` is what a server sends that does not stream.
      const delta = isFields(choice['delta']) ? choice['delta'] : fieldsOf(choice['message'])
      // OpenRouter sends the same reasoning under both names.
      say('reasoning', delta?.['reasoning_content'] ?? delta?.['reasoning'], batch)
      say('text', delta?.['content'], batch)
      const reason = choice['finish_reason']
      if (typeof reason !== 'string' || reason === '') return true
      if (failures.has(reason)) throw gaveUp()
      flush(batch)
      finished = true
      batch.push({ type: 'finish', reason: reasons.get(reason) ?? 'complete' })
      return true
    },
    close(batch) {
      flush(batch)
      // Some servers count in every event; only the last count is the whole.
      if (usage !== undefined) batch.push(usage)
      usage = undefined
    },
    finished: () => finished,
  }
}

/** The model's server says that the answer failed. */
export const gaveUp = (): ChatError =>
  new ChatError('provider_unavailable', 'The model gave up in the middle. Please try again later.')

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const fieldsOf = (value: unknown): Fields | undefined => (isFields(value) ? value : undefined)

/** An error in the stream: OpenAI's `error`, vLLM's `object: error`, gateways that say `rejected`. */
function isFailure({ error, rejected, object, type }: Fields): boolean {
  return (
    saysWhy(error) || saysWhy(rejected) || rejected === true || isAlarm(object) || isAlarm(type)
  )
}

const saysWhy = (value: unknown): boolean => isFields(value) || typeof value === 'string'
const isAlarm = (name: unknown): boolean => name === 'error' || name === 'rejected'

/** Of several answers to one question (`n` > 1) the first. */
function first(choices: unknown): Fields | undefined {
  if (!Array.isArray(choices)) return undefined
  for (const choice of choices) {
    if (isFields(choice) && (choice['index'] ?? 0) === 0) return choice
  }
  return undefined
}

function count(usage: unknown): Chunk | undefined {
  if (!isFields(usage)) return undefined
  const { prompt_tokens: input, completion_tokens: output } = usage
  return isCount(input) && isCount(output) ? { type: 'usage', input, output } : undefined
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last < 0xdc00
}
