/** What the route schemas of sse.ts and rest.ts share. */
import { type TSchema, Type } from '@sinclair/typebox'
import type { Code } from '../core/errors.ts'
import { GenerationId, ref } from './schema.ts'
import { statusOf } from './status.ts'
import { ErrorSchema } from './views.ts'

/** Codes that every route can answer with. */
const everywhere: readonly Code[] = ['invalid_request', 'unauthorized', 'forbidden', 'internal']

/** The error answers of a route: one entry a status, naming the codes that have it. */
export function errors(...codes: readonly Code[]): Record<number, TSchema> {
  const answers: Record<number, TSchema> = {}
  for (const status of new Set([...everywhere, ...codes].map(code => statusOf[code].http))) {
    const named = [...everywhere, ...codes].filter(code => statusOf[code].http === status)
    answers[status] = described(ErrorSchema, [...new Set(named)].join(', '))
  }
  return answers
}

/** A named schema as a response, with a description of its own. */
export const described = (schema: TSchema, description: string): TSchema =>
  Object.assign({}, ref(schema), { description })

export const GenerationParams = Type.Object({ id: GenerationId })
