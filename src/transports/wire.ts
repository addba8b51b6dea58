/**
 * What clients say and what streams to them, as TypeBox schemas: the HTTP routes and the WebSocket
 * commands validate with them, and openapi.yaml is written from them. Events are encoded by
 * core/event.ts; `EventSchema` describes that text. The JSON answers are in views.ts.
 */
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
  literal,
  orNull,
  ref,
  strict,
} from './schema.ts'

/** The longest single text a client may send, in characters; MAX_BODY_BYTES bounds the whole. */
const MAX_TEXT = 100_000

const Text = Type.String({ minLength: 1, maxLength: MAX_TEXT })

export const ParamsSchema = strict(
  {
    temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
    top_p: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    max_tokens: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    presence_penalty: Type.Optional(Type.Number({ minimum: -2, maximum: 2 })),
    frequency_penalty: Type.Optional(Type.Number({ minimum: -2, maximum: 2 })),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    stop: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 4 }),
    ),
    system: Type.Optional(
      Type.String({ maxLength: MAX_TEXT, description: 'Put before the context as system message' }),
    ),
  },
  { $id: 'Params', description: 'Sampling settings; what is left out is left to the model' },
)

export const MessageSchema = strict(
  { role: enumOf(['system', 'user', 'assistant']), content: Text },
  { $id: 'Message' },
)

const startFields = {
  message: Type.Optional({ ...Text, description: 'What the user says' }),
  messages: Type.Optional(
    Type.Array(ref(MessageSchema), {
      minItems: 1,
      description:
        'The whole context, instead of `message`: a stateless start, nothing is kept but the answer',
    }),
  ),
  model: Type.Optional(ModelId),
  modelType: Type.Optional({ ...ModelId, description: 'Another spelling of `model`' }),
  conversation: Type.Optional({
    ...ConversationId,
    description: 'Go on with this conversation; without it a new one is opened',
  }),
  regenerate: Type.Optional({
    ...TurnId,
    description:
      'Answer again in the place of this answer (or to this question); no `message` then',
  }),
  edit: Type.Optional({ ...TurnId, description: 'Ask `message` in the place of this question' }),
  params: Type.Optional(ref(ParamsSchema)),
  onDisconnect: Type.Optional(
    enumOf(['continue', 'stop'], {
      description:
        '`continue` (default): the answer is finished even if nobody watches; `stop`: it ends 5 s after the last client left',
    }),
  ),
  idempotencyKey: Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description: 'The same as the `Idempotency-Key` header, for clients that cannot set one',
    }),
  ),
}

/** The body of every start, on each transport. */
export const StartSchema = strict(startFields, {
  $id: 'Start',
  description:
    'Exactly one of `message`, `messages` and `regenerate`. `regenerate` and `edit` need `conversation`. Unknown fields are refused.',
  examples: [
    { message: 'Hello!', model: 'demo' },
    { messages: [{ role: 'user', content: 'Hello!' }], params: { max_tokens: 100 } },
  ],
})
export type StartBody = Static<typeof StartSchema>

const updateFields = {
  model: Type.Optional(ModelId),
  params: Type.Optional(ref(ParamsSchema)),
  mode: Type.Optional(
    enumOf(['continue', 'restart'], {
      description: '`continue` (default) goes on from the text so far; `restart` drops it',
    }),
  ),
}
export const UpdateSchema = strict(updateFields, {
  $id: 'Update',
  description: 'New settings for a live answer; `params` are laid over those in force',
  examples: [{ params: { temperature: 0.2 }, mode: 'continue' }],
})
export type UpdateBody = Static<typeof UpdateSchema>

const CommandId = Type.String({ minLength: 1, maxLength: 128 })
const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** What a WebSocket client may say, by `type`. */
export const commands = {
  start: strict({ id: CommandId, type: literal('start'), ...startFields }),
  attach: strict({
    id: CommandId,
    type: literal('attach'),
    generation: GenerationId,
    after: Type.Optional(Seq),
  }),
  detach: strict({ id: CommandId, type: literal('detach'), generation: GenerationId }),
  stop: strict({ id: CommandId, type: literal('stop'), generation: GenerationId }),
  update: strict({
    id: CommandId,
    type: literal('update'),
    generation: GenerationId,
    ...updateFields,
  }),
} as const
export type Command = {
  [K in keyof typeof commands]: Static<(typeof commands)[K]>
}[keyof typeof commands]

/** The server's answer to a command. */
export type Reply =
  | { id: string | null; type: 'accepted'; generation: string }
  | { id: string | null; type: 'rejected'; code: string; message: string; retryAfter?: number }

const numbered = { generation: GenerationId, seq: Type.Integer({ minimum: 1 }) }
const Mode = enumOf(['continue', 'restart'])

const Outcome = {
  done: {
    reason: enumOf(['complete', 'length', 'content_filter', 'stopped']),
    by: Type.Optional(enumOf(['client', 'abandoned'], { description: 'With reason `stopped`' })),
  },
  failed: {
    code: CodeSchema,
    message: Type.String(),
    retryable: Type.Boolean(),
    retryAfter: RetryAfter,
  },
}

export const eventSchemas = [
  Type.Object(
    {
      ...numbered,
      type: literal('started'),
      conversation: orNull(ConversationId),
      model: ModelId,
      params: ref(ParamsSchema),
      at: Millis,
    },
    { $id: 'StartedEvent' },
  ),
  Type.Object({ ...numbered, type: literal('text'), text: Type.String() }, { $id: 'TextEvent' }),
  Type.Object(
    { ...numbered, type: literal('reasoning'), text: Type.String() },
    { $id: 'ReasoningEvent' },
  ),
  Type.Object(
    {
      ...numbered,
      type: literal('updated'),
      model: ModelId,
      params: ref(ParamsSchema),
      mode: Mode,
    },
    { $id: 'UpdatedEvent' },
  ),
  Type.Object(
    {
      ...numbered,
      type: literal('usage'),
      input: Type.Integer(),
      output: Type.Integer(),
      estimated: Type.Boolean(),
    },
    { $id: 'UsageEvent' },
  ),
  Type.Object({ ...numbered, type: literal('done'), ...Outcome.done }, { $id: 'DoneEvent' }),
  Type.Object({ ...numbered, type: literal('failed'), ...Outcome.failed }, { $id: 'FailedEvent' }),
] as const

type EventOf<T extends readonly TSchema[]> = Static<T[number]>

export const EventSchema = Type.Unsafe<EventOf<typeof eventSchemas>>({
  oneOf: eventSchemas.map(schema => ref(schema)),
  $id: 'Event',
  discriminator: { propertyName: 'type' },
  description: 'One numbered event of a generation; exactly one `done` or `failed`, always last',
})
/** An event as a client reads it. */
export type Event = Static<typeof EventSchema>

const endSchemas = [
  Type.Object({ type: literal('done'), ...Outcome.done }, { $id: 'Done' }),
  Type.Object({ type: literal('failed'), ...Outcome.failed }, { $id: 'Failed' }),
] as const

export const EndSchema = Type.Unsafe<EventOf<typeof endSchemas>>({
  $id: 'End',
  oneOf: endSchemas.map(schema => ref(schema)),
  description: 'How an answer ended',
})

/** The schemas that others refer to by name. */
export const namedSchemas: readonly TSchema[] = [
  ParamsSchema,
  MessageSchema,
  StartSchema,
  UpdateSchema,
  ...eventSchemas,
  EventSchema,
  ...endSchemas,
  EndSchema,
]
