/**
 * What clients say and what streams to them, as TypeBox schemas: the HTTP routes and the WebSocket
 * commands validate with them, and openapi.yaml is written from them. Events are encoded by
 * core/event.ts; `EventSchema` describes that text. The JSON answers are in views.ts.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import * as examples from './examples.ts'
import { ParamsChangeSchema, ParamsSchema } from './params.ts'
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
  meaning,
  namedParts,
  orNull,
  ref,
  strict,
  tokens,
} from './schema.ts'

const Text = Type.String({ minLength: 1 })

const MessageSchema = strict(
  { role: enumOf(['system', 'user', 'assistant']), content: Text },
  { $id: 'Message', description: 'One message of a stateless start' },
)

const startFields = {
  message: Type.Optional({ ...Text, pattern: '\\S', description: 'What the user says' }),
  messages: Type.Optional(
    Type.Array(ref(MessageSchema), {
      minItems: 1,
      description:
        'The whole context, instead of `message`: a stateless start, nothing is kept but the answer',
    }),
  ),
  model: Type.Optional(ModelId),
  modelType: Type.Optional(meaning(ModelId, 'Another spelling of `model`')),
  conversation: Type.Optional(
    meaning(ConversationId, 'Go on with this conversation; without it a new one is opened'),
  ),
  regenerate: Type.Optional(
    meaning(
      TurnId,
      'Answer again in the place of this answer (or to this question); no `message` then',
    ),
  ),
  edit: Type.Optional(meaning(TurnId, 'Ask `message` in the place of this question')),
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
  examples: examples.starts,
})
export type StartBody = Static<typeof StartSchema>

const updateFields = {
  model: Type.Optional(ModelId),
  params: Type.Optional(ref(ParamsChangeSchema)),
  mode: Type.Optional(
    enumOf(['continue', 'restart'], {
      description: '`continue` (default) goes on from the text so far; `restart` drops it',
    }),
  ),
}
export const UpdateSchema = strict(updateFields, {
  $id: 'Update',
  description:
    'New settings for a live answer; `params` are laid over those in force, null takes one away',
  examples: examples.updates,
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

/** The server's answer to a command; `ended` to an attach that has seen the last event already. */
export type Reply =
  | { id: string | null; type: 'accepted'; generation: string; ended?: boolean }
  | { id: string | null; type: 'rejected'; code: string; message: string; retryAfter?: number }

const Outcome = {
  done: {
    reason: enumOf(['complete', 'length', 'content_filter', 'stopped'], {
      description: '`length`: the limit of the answer was reached; `stopped`: see `by`',
    }),
    by: Type.Optional(
      enumOf(['client', 'abandoned'], {
        description: 'With reason `stopped`: by a client, or because nobody watched any more',
      }),
    ),
  },
  failed: {
    code: CodeSchema,
    message: Type.String({ description: 'What happened and what to do' }),
    retryable: Type.Boolean({ description: 'The same start may work later' }),
    retryAfter: RetryAfter,
  },
}

const numbered = {
  generation: GenerationId,
  seq: Type.Integer({ minimum: 1, description: 'Its place in the log: 1, 2, 3 … without a hole' }),
}

/** An event of this type; `StartedEvent` and so on are the names of the schemas. */
const event = <T extends keyof typeof examples.events, F extends Record<string, TSchema>>(
  type: T,
  description: string,
  fields: F,
) =>
  Type.Object(
    { ...numbered, type: literal(type), ...fields },
    { $id: eventName(type), description, examples: [examples.events[type]] },
  )
const capital = (type: string): string => `${type.charAt(0).toUpperCase()}${type.slice(1)}`
const eventName = (type: string): string => `${capital(type)}Event`

/** Without it, a discriminator takes the value of `type` for the name of a schema. */
const mapping = (types: readonly string[], name: (type: string) => string): object =>
  Object.fromEntries(types.map(type => [type, `#/components/schemas/${name(type)}`]))

const eventSchemas = [
  event('started', 'Always seq 1: the start was accepted, the model has said nothing yet', {
    conversation: orNull(ConversationId),
    model: ModelId,
    params: ref(ParamsSchema),
    at: Millis,
  }),
  event('text', 'A piece of the answer', { text: Type.String() }),
  event('reasoning', "A piece of the model's reasoning", { text: Type.String() }),
  event('updated', 'From here on these settings produce the text', {
    model: ModelId,
    params: ref(ParamsSchema),
    mode: enumOf(['continue', 'restart'], { description: '`restart`: drop the text so far' }),
  }),
  event('usage', 'Tokens; `estimated` where the provider did not report them', tokens),
  event('done', 'The end of the answer; terminal', Outcome.done),
  event('failed', 'The answer broke off; what was said before it stays; terminal', Outcome.failed),
] as const

type EventOf<T extends readonly TSchema[]> = Static<T[number]>

export const EventSchema = Type.Unsafe<EventOf<typeof eventSchemas>>({
  oneOf: eventSchemas.map(schema => ref(schema)),
  $id: 'Event',
  discriminator: {
    propertyName: 'type',
    mapping: mapping(Object.keys(examples.events), eventName),
  },
  description: 'One numbered event of a generation; exactly one `done` or `failed`, always last',
})
/** An event as a client reads it. */
export type Event = Static<typeof EventSchema>

const endSchemas = [
  strict(
    { type: literal('done'), ...Outcome.done },
    {
      $id: 'Done',
      description: 'It ended by itself or was stopped',
      examples: [examples.ends.done],
    },
  ),
  strict(
    { type: literal('failed'), ...Outcome.failed },
    { $id: 'Failed', description: 'It broke off', examples: [examples.ends.failed] },
  ),
] as const

export const EndSchema = Type.Unsafe<EventOf<typeof endSchemas>>({
  $id: 'End',
  oneOf: endSchemas.map(schema => ref(schema)),
  discriminator: { propertyName: 'type', mapping: mapping(['done', 'failed'], capital) },
  description: 'How an answer ended',
})

/** The schemas that others refer to by name. */
export const namedSchemas: readonly TSchema[] = [
  ...namedParts,
  ParamsSchema,
  ParamsChangeSchema,
  MessageSchema,
  StartSchema,
  UpdateSchema,
  ...eventSchemas,
  EventSchema,
  ...endSchemas,
  EndSchema,
]
