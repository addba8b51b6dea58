/** What the route schemas of sse.ts and rest.ts share. */
import { type TSchema, Type } from '@sinclair/typebox'
import type { Code } from '../core/errors.ts'
import { ids } from './examples.ts'
import { GenerationId, ref } from './schema.ts'
import { statusOf } from './status.ts'
import { ErrorSchema } from './views.ts'

/**
 * The error answers of a route: one entry a status, naming the codes that have it. What hooks say
 * before any route is asked (401, 403) and what no route foresees (500) is added to all of them by
 * plugins/openapi.ts.
 */
export function errors(...codes: readonly Code[]): Record<number, TSchema> {
  const answers: Record<number, TSchema> = {}
  for (const status of codes.map(code => statusOf[code].http)) {
    const named = codes.filter(code => statusOf[code].http === status)
    answers[status] = described(ErrorSchema, named.join(', '))
  }
  // Where a body is read, it may also be of a kind that is not read.
  if (codes.includes('too_large')) answers[415] = described(ErrorSchema, 'invalid_request')
  return answers
}

/** A named schema as a response, with a description of its own. */
export const described = (schema: TSchema, description: string, headers?: object): TSchema =>
  Object.assign({}, ref(schema), { description, ...(headers !== undefined && { headers }) })

export const GenerationParams = Type.Object({ id: GenerationId })

const LastEventId = Type.Optional(
  Type.String({
    description: '`<generation>:<seq>`: go on after this event and start nothing',
    examples: [`${ids.generation}:3`],
  }),
)
const IdempotencyKey = Type.Optional(
  Type.String({
    description: 'A repeated start with the same key returns the same generation',
    examples: ['3f1c9a52-7d0e-4b7e-9c55-0a6f6f2f9d11'],
  }),
)
// Spelled for the contract as people know them; Fastify hands them over in lower case.
export const ResumeHeaders = Type.Unsafe<{ 'last-event-id'?: string }>(
  Type.Object({ 'Last-Event-ID': LastEventId }),
)
export const StreamHeaders = Type.Unsafe<{ 'last-event-id'?: string; 'idempotency-key'?: string }>(
  Type.Object({ 'Last-Event-ID': LastEventId, 'Idempotency-Key': IdempotencyKey }),
)
export const StartHeaders = Type.Unsafe<{ 'idempotency-key'?: string }>(
  Type.Object({ 'Idempotency-Key': IdempotencyKey }),
)
