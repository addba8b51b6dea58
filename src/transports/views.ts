/** The JSON answers of the HTTP routes, as TypeBox schemas. */
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import {
  CodeSchema,
  ConversationId,
  GenerationId,
  Millis,
  ModelId,
  RetryAfter,
  TurnId,
  enumOf,
  orNull,
  ref,
  strict,
} from './schema.ts'
import { EndSchema, ParamsSchema } from './wire.ts'

export const UsageSchema = Type.Object(
  { input: Type.Integer(), output: Type.Integer(), estimated: Type.Boolean() },
  { $id: 'Usage' },
)

export const GenerationSchema = Type.Object(
  {
    id: GenerationId,
    conversation: orNull(ConversationId),
    status: enumOf(['streaming', 'done', 'failed']),
    model: ModelId,
    params: ref(ParamsSchema),
    text: Type.String({ description: 'The answer so far' }),
    reasoning: Type.String({ description: "The model's reasoning so far" }),
    seq: Type.Integer({ description: 'The last seq; attach after it to go on from this text' }),
    at: Millis,
    usage: Type.Optional(ref(UsageSchema)),
    end: Type.Optional(ref(EndSchema)),
  },
  { $id: 'Generation', description: 'A generation: the fold over its events' },
)
export type Generation = Static<typeof GenerationSchema>

const TurnSchema = Type.Object(
  {
    id: TurnId,
    parent: orNull(TurnId),
    role: enumOf(['user', 'assistant']),
    content: Type.String({ description: 'Of a live answer: empty, attach to `generation`' }),
    at: Millis,
    generation: Type.Optional(GenerationId),
    model: Type.Optional(ModelId),
    params: Type.Optional(ref(ParamsSchema)),
    reasoning: Type.Optional(Type.String()),
    end: Type.Optional(ref(EndSchema)),
  },
  { $id: 'Turn', description: 'One message; siblings (same `parent`) are versions of each other' },
)
export type Turn = Static<typeof TurnSchema>

const conversationFields = {
  id: ConversationId,
  title: Type.String(),
  createdAt: Millis,
  updatedAt: Millis,
  head: orNull(TurnId),
}
export const ConversationSchema = Type.Object(conversationFields, { $id: 'Conversation' })
export type Conversation = Static<typeof ConversationSchema>

export const ConversationWithTurnsSchema = Type.Object(
  { ...conversationFields, turns: Type.Array(ref(TurnSchema)) },
  {
    $id: 'ConversationWithTurns',
    description: '`turns` holds all versions; follow `parent` from `head`',
  },
)
export type ConversationWithTurns = Static<typeof ConversationWithTurnsSchema>

export const ConversationPageSchema = Type.Object(
  {
    conversations: Type.Array(ref(ConversationSchema)),
    next: Type.Optional(Type.String({ description: 'Pass it as `after` for the next page' })),
  },
  { $id: 'ConversationPage' },
)
export type ConversationPage = Static<typeof ConversationPageSchema>

export const ConversationPatchSchema = strict(
  {
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    head: Type.Optional({ ...TurnId, description: 'Show and continue the version that ends here' }),
  },
  { $id: 'ConversationPatch', minProperties: 1, examples: [{ title: 'Holidays' }] },
)

export const ModelSchema = Type.Object(
  {
    id: ModelId,
    label: Type.String(),
    vendor: Type.String(),
    ready: Type.Boolean(),
    missing: Type.Optional(Type.String({ description: 'What is needed before it is ready' })),
    contextWindow: Type.Integer({ description: 'Tokens' }),
    preferred: Type.Boolean({ description: 'Used when a start names no model' }),
  },
  { $id: 'Model' },
)
export const ModelListSchema = Type.Object(
  { models: Type.Array(ref(ModelSchema)) },
  { $id: 'ModelList' },
)
export type ModelList = Static<typeof ModelListSchema>

export const ErrorSchema = Type.Object(
  {
    error: Type.Object({
      code: CodeSchema,
      message: Type.String({ description: 'What happened and what to do' }),
      retryAfter: RetryAfter,
    }),
    generation: Type.Optional({
      ...GenerationId,
      description: 'Where a generation was started: its log keeps what was said before the error',
    }),
  },
  { $id: 'Error' },
)
export type ErrorBody = Static<typeof ErrorSchema>

/** The schemas that others refer to by name. */
export const namedViews: readonly TSchema[] = [
  UsageSchema,
  GenerationSchema,
  TurnSchema,
  ConversationSchema,
  ConversationWithTurnsSchema,
  ConversationPageSchema,
  ConversationPatchSchema,
  ModelSchema,
  ModelListSchema,
  ErrorSchema,
]
