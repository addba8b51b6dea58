import { createHash } from 'node:crypto'
import { ChatError } from '../core/errors.ts'
import type { Start } from '../core/opening.ts'
import { numericParams } from './params.ts'
import type { StartBody } from './wire.ts'

/** How much a start may bring along. */
export interface Bounds {
  readonly messages: number
  /** UTF-16 units of one text, and of all together. */
  readonly textChars: number
  readonly allChars: number
}

/**
 * The start that a body asks for, on every transport. `key` is the `Idempotency-Key` header where
 * there is one. Throws `invalid_request`, `too_large`.
 */
export function readStart(body: StartBody, bounds: Bounds, key?: string): Start {
  const { modelType, idempotencyKey, ...start } = body
  if (modelType !== undefined && start.model !== undefined && modelType !== start.model) {
    throw invalid('model and modelType name different models; send only model.')
  }
  if (start.messages !== undefined && start.messages.length > bounds.messages) {
    throw invalid(`messages has more than ${bounds.messages} entries; leave out the oldest.`)
  }
  const said = start.messages?.map(({ content }) => content) ?? []
  measure([start.message ?? '', ...said, start.params?.system ?? ''], bounds)
  const claimed = header(key) ?? idempotencyKey
  const model = start.model ?? modelType
  return {
    ...start,
    ...(model !== undefined && { model }),
    ...(claimed !== undefined && { claim: { key: claimed, digest: digest(start, model) } }),
  }
}

/** Throws `too_large` where one of the texts is too long, or all of them together are. */
export function measure(texts: readonly string[], { textChars, allChars }: Bounds): void {
  if (texts.some(text => text.length > textChars)) {
    throw tooLarge(`A message is longer than ${textChars} characters. Send it in parts.`)
  }
  if (texts.reduce((sum, { length }) => sum + length, 0) > allChars) {
    throw tooLarge(`The messages have more than ${allChars} characters. Leave out the oldest.`)
  }
}

function header(key: string | undefined): string | undefined {
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw invalid('The Idempotency-Key must be 1 to 255 visible ASCII characters.')
}

/** The same for the same question, in whatever order its fields were written. */
function digest(start: object, model: string | undefined): string {
  const text = JSON.stringify({ ...start, model }, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
  return createHash('sha256').update(text).digest('base64url')
}

/** The query of `GET /chat/sse` as the body it stands for; numbers come as text there. */
export function bodyOfQuery(query: Readonly<Record<string, string>>): object {
  const body: Record<string, unknown> = {}
  const params: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(query)) {
    if (numericParams.includes(name)) params[name] = Number(value)
    else if (name === 'system') params[name] = value
    else body[name] = value
  }
  return Object.keys(params).length === 0 ? body : { ...body, params }
}

const cursorPattern = /^(gen_[A-Za-z0-9_-]{22}):(0|[1-9][0-9]{0,14})$/

/** The cursor in a `Last-Event-ID` header; undefined where there is none. */
export function readCursor(
  header: string | string[] | undefined,
): { generation: string; after: number } | undefined {
  if (header === undefined || header === '') return undefined
  const match = typeof header === 'string' ? cursorPattern.exec(header) : null
  if (match?.[1] === undefined) {
    throw invalid('Last-Event-ID is not one of ours; leave it out to read from the start.')
  }
  return { generation: match[1], after: Number(match[2]) }
}

const tooLarge = (message: string): ChatError => new ChatError('too_large', message)

const invalid = (message: string): ChatError => new ChatError('invalid_request', message)
