/** The small parts that the schemas of all that crosses a socket are made of. */
import { type Static, type TLiteral, type TSchema, Type } from '@sinclair/typebox'
import { codes } from '../core/errors.ts'

/** A string out of a list: one error a miss, where a union of literals gives one an entry. */
export const enumOf = <const T extends string>(values: readonly T[], options: object = {}) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...options })

export const strict = <T extends Record<string, TSchema>>(fields: T, options: object = {}) =>
  Type.Object(fields, { additionalProperties: false, ...options })

export const literal = <T extends string>(value: T): TLiteral<T> => Type.Literal(value)

/** A named schema in the place of use: one component in openapi.yaml, one validator in Ajv. */
export const ref = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T>>({ $ref: `${String(schema.$id)}#` })

export const orNull = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }] })

export const GenerationId = Type.String({
  pattern: '^gen_[A-Za-z0-9_-]{22}$',
  description: 'The id of a generation',
  examples: ['gen_5Zc0dFqT3q1y8Jw2mXk7Pw'],
})
export const ConversationId = Type.String({
  pattern: '^cnv_[A-Za-z0-9_-]{22}$',
  description: 'The id of a conversation',
  examples: ['cnv_Yb4rT0sWmE6uQk1xVn9aLg'],
})
export const TurnId = Type.String({
  pattern: '^trn_[A-Za-z0-9_-]{22}$',
  description: 'The id of a turn of a conversation',
  examples: ['trn_o2Jc8VhZ5tGd3eRk7yXwBA'],
})
export const ModelId = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'The id of a model, as `GET /models` lists it',
  examples: ['demo'],
})

export const CodeSchema = enumOf(codes)
export const RetryAfter = Type.Optional(Type.Number({ minimum: 0, description: 'Seconds' }))
export const Millis = Type.Number({ description: 'Milliseconds since the epoch' })
