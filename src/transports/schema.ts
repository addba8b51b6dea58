/** The small parts that the schemas of all that crosses a socket are made of. */
import { type Static, type TLiteral, type TSchema, Type } from '@sinclair/typebox'
import { codes } from '../core/errors.ts'
import { ids } from './examples.ts'

/** A string out of a list: one error a miss, where a union of literals gives one an entry. */
export const enumOf = <const T extends string>(values: readonly T[], options: object = {}) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...options })

export const strict = <T extends Record<string, TSchema>>(fields: T, options: object = {}) =>
  Type.Object(fields, { additionalProperties: false, ...options })

export const literal = <T extends string>(value: T): TLiteral<T> => Type.Literal(value)

/** A named schema in the place of use: one component in openapi.yaml, one validator in Ajv. */
export const ref = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T>>({ $ref: `${String(schema.$id)}#` })

/** A named schema with what it means here; beside a bare `$ref` the description gets lost. */
export const meaning = <T extends TSchema>(schema: T, description: string) =>
  Type.Unsafe<Static<T>>({ allOf: [schema], description })

export const orNull = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }] })

const GenerationIdSchema = Type.String({
  $id: 'GenerationId',
  pattern: '^gen_[A-Za-z0-9_-]{22}$',
  description: 'The id of a generation; 132 random bits',
  examples: [ids.generation],
})
const ConversationIdSchema = Type.String({
  $id: 'ConversationId',
  pattern: '^cnv_[A-Za-z0-9_-]{22}$',
  description: 'The id of a conversation',
  examples: [ids.conversation],
})
const TurnIdSchema = Type.String({
  $id: 'TurnId',
  pattern: '^trn_[A-Za-z0-9_-]{22}$',
  description: 'The id of a turn of a conversation',
  examples: [ids.turn],
})
const ModelIdSchema = Type.String({
  $id: 'ModelId',
  minLength: 1,
  maxLength: 128,
  description: 'The id of a model, as `GET /api/ai/models` lists it',
  examples: ['demo'],
})
const CodeNameSchema = enumOf(codes, {
  $id: 'Code',
  description: 'What went wrong: the closed list, the same on every transport',
})

export const GenerationId = ref(GenerationIdSchema)
export const ConversationId = ref(ConversationIdSchema)
export const TurnId = ref(TurnIdSchema)
export const ModelId = ref(ModelIdSchema)
export const CodeSchema = ref(CodeNameSchema)

export const RetryAfter = Type.Optional(
  Type.Number({ minimum: 0, description: 'Seconds, where it is known when a retry makes sense' }),
)
/** The fields of a count of tokens. */
export const tokens = {
  input: Type.Integer({ minimum: 0, description: 'Tokens of the question and its context' }),
  output: Type.Integer({ minimum: 0, description: 'Tokens of the answer' }),
  estimated: Type.Boolean({ description: 'The model never said it, so the server guessed' }),
}
export const Millis = Type.Number({ description: 'Milliseconds since the epoch' })

/** The schemas above that others refer to by name. */
export const namedParts: readonly TSchema[] = [
  GenerationIdSchema,
  ConversationIdSchema,
  TurnIdSchema,
  ModelIdSchema,
  CodeNameSchema,
]
