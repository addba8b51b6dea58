/** The JSON answers of the HTTP routes, as TypeBox schemas. */
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { MOST_CHANGES } from '../core/changed.ts'
import * as examples from './examples.ts'
import { ParamsSchema } from './params.ts'
import {
  CodeSchema,
  ConversationId,
  GenerationId,
  Millis,
  ModelId,
  RetryAfter,
  TurnId,
  enumOf,
  meaning,
  orNull,
  ref,
  strict,
  tokens,
} from './schema.ts'
import { EndSchema } from './wire.ts'

const UsageSchema = strict(tokens, {
  $id: 'Usage',
  description: 'What the answer cost in tokens',
})

const ChangedSchema = strict(
  {
    offset: Type.Integer({ minimum: 0, description: 'UTF-16 units of the text before it' }),
    model: ModelId,
    params: ref(ParamsSchema),
    mode: enumOf(['continue', 'restart'], {
      description: '`restart`: what was said before was dropped',
    }),
  },
  {
    $id: 'Changed',
    description: 'A place in an answer where other settings took over',
    examples: [examples.changed],
  },
)
const changes = Type.Optional(
  Type.Array(ref(ChangedSchema), {
    maxItems: MOST_CHANGES,
    description: `Where other settings took over, the latest ${MOST_CHANGES}; absent where none did`,
  }),
)

export const GenerationSchema = Type.Object(
  {
    id: GenerationId,
    conversation: orNull(ConversationId),
    status: enumOf(['streaming', 'done', 'failed'], { description: '`end` says more' }),
    model: ModelId,
    params: ref(ParamsSchema),
    text: Type.String({ description: 'The answer so far' }),
    reasoning: Type.String({ description: "The model's reasoning so far" }),
    seq: Type.Integer({ description: 'The last seq; attach after it to go on from this text' }),
    at: Millis,
    usage: Type.Optional(ref(UsageSchema)),
    changes,
    end: Type.Optional(ref(EndSchema)),
  },
  {
    $id: 'Generation',
    description: 'A generation: the fold over its events up to `seq`',
    examples: examples.generations,
  },
)
export type Generation = Static<typeof GenerationSchema>

export const TurnSchema = Type.Object(
  {
    id: TurnId,
    parent: orNull(TurnId),
    role: enumOf(['user', 'assistant']),
    content: Type.String({ description: 'Of a live answer: empty, attach to `generation`' }),
    at: Millis,
    generation: Type.Optional(GenerationId),
    model: Type.Optional(ModelId),
    params: Type.Optional(ref(ParamsSchema)),
    reasoning: Type.Optional(Type.String({ description: "The model's reasoning" })),
    usage: Type.Optional(ref(UsageSchema)),
    changes,
    end: Type.Optional(ref(EndSchema)),
  },
  {
    $id: 'Turn',
    description: 'One message; siblings (same `parent`) are versions of each other',
    examples: examples.turns,
  },
)
export type Turn = Static<typeof TurnSchema>

const conversationFields = {
  id: ConversationId,
  title: Type.String({ description: 'The beginning of the first question, until it is renamed' }),
  createdAt: Millis,
  updatedAt: Millis,
  head: { ...orNull(TurnId), description: 'The last turn of the version that is shown' },
}
export const ConversationSchema = Type.Object(conversationFields, {
  $id: 'Conversation',
  description: 'A conversation without its turns',
  examples: [examples.bare],
})
export type Conversation = Static<typeof ConversationSchema>

export const ConversationWithTurnsSchema = Type.Object(
  { ...conversationFields, turns: Type.Array(ref(TurnSchema)) },
  {
    $id: 'ConversationWithTurns',
    description: '`turns` holds all versions; follow `parent` from `head`',
    examples: [{ ...examples.bare, turns: examples.turns }],
  },
)
export type ConversationWithTurns = Static<typeof ConversationWithTurnsSchema>

const ListedConversationSchema = Type.Object(
  {
    ...conversationFields,
    excerpt: Type.Optional(
      Type.String({ description: 'Of a search: the text around the hit, where it is in a turn' }),
    ),
  },
  {
    $id: 'ListedConversation',
    description: 'A conversation in a list',
    examples: [examples.bare, examples.found],
  },
)
export type ListedConversation = Static<typeof ListedConversationSchema>

export const ConversationPageSchema = Type.Object(
  {
    conversations: Type.Array(ref(ListedConversationSchema)),
    next: Type.Optional(Type.String({ description: 'Pass it as `after` for the next page' })),
  },
  {
    $id: 'ConversationPage',
    description: 'Conversations, newest first',
    examples: [{ conversations: [examples.bare], next: examples.next }],
  },
)
export type ConversationPage = Static<typeof ConversationPageSchema>

export const ConversationPatchSchema = strict(
  {
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    head: Type.Optional(meaning(TurnId, 'Show and continue the version that ends here')),
  },
  {
    $id: 'ConversationPatch',
    description: 'Another title, another version, or both',
    minProperties: 1,
    examples: [{ title: 'Holidays' }, { head: examples.ids.turn }],
  },
)

const ModelSchema = Type.Object(
  {
    id: ModelId,
    label: Type.String({ description: 'Its name for people' }),
    provider: Type.String({ description: 'Who runs it' }),
    ready: Type.Boolean({ description: 'It can answer now' }),
    missing: Type.Optional(Type.String({ description: 'The setting it needs to be ready' })),
    contextWindow: Type.Integer({ description: 'Tokens' }),
    preferred: Type.Boolean({ description: 'Used when a start names no model' }),
  },
  { $id: 'Model', description: 'What can answer', examples: examples.models },
)
export const ModelListSchema = Type.Object(
  {
    models: Type.Array(ref(ModelSchema)),
    limits: Type.Object(
      {
        bodyBytes: Type.Integer({ description: 'The longest request body' }),
        importBytes: Type.Integer({ description: 'The longest conversation to bring in' }),
      },
      { description: 'How much may be sent' },
    ),
  },
  {
    $id: 'ModelList',
    description: 'All models, and what else a client needs to know of this server',
    examples: [{ models: examples.models, limits: { bodyBytes: 262_144, importBytes: 4_194_304 } }],
  },
)
export type ModelList = Static<typeof ModelListSchema>

export const ErrorSchema = Type.Object(
  {
    error: Type.Object({
      code: CodeSchema,
      message: Type.String({ description: 'What happened and what to do' }),
      retryAfter: RetryAfter,
    }),
    generation: Type.Optional(
      meaning(
        GenerationId,
        'Where a generation was started: its log keeps what was said before the error',
      ),
    ),
  },
  { $id: 'Error', description: 'What every route answers when it cannot do what was asked' },
)

/** The schemas that others refer to by name. */
export const namedViews: readonly TSchema[] = [
  UsageSchema,
  ChangedSchema,
  GenerationSchema,
  TurnSchema,
  ConversationSchema,
  ConversationWithTurnsSchema,
  ListedConversationSchema,
  ConversationPageSchema,
  ConversationPatchSchema,
  ModelSchema,
  ModelListSchema,
  ErrorSchema,
]
