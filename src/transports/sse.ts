/** Starting and attaching over HTTP: Server-Sent Events, and the same answer as text or whole. */
import { Negotiator } from '@fastify/accept-negotiator'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type TSchema, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ChatError } from '../core/errors.ts'
import { type Client, sendEvents, sendText, sendWhole } from './answers.ts'
import { explain } from './invalid.ts'
import type { Parts } from './parts.ts'
import { GenerationParams, described, errors } from './routes.ts'
import { ref } from './schema.ts'
import { bodyOfQuery, readCursor, readStart } from './start.ts'
import { ErrorSchema, GenerationSchema } from './views.ts'
import { type StartBody, StartSchema } from './wire.ts'

/** In the order in which they are sent to who likes several equally (axios: JSON before text). */
const forms = ['text/event-stream', 'application/json', 'text/plain'] as const
const negotiator = new Negotiator({ supportedValues: [...forms] })

const LastEventId = Type.Optional(
  Type.String({ description: '`<generation>:<seq>`: go on after this event and start nothing' }),
)
const ResumeHeaders = Type.Object({ 'last-event-id': LastEventId })
export const StartHeaders = Type.Object({
  'last-event-id': LastEventId,
  'idempotency-key': Type.Optional(
    Type.String({ description: 'A repeated start with the same key returns the same generation' }),
  ),
})

const number = (description: string) =>
  Type.Optional(Type.String({ pattern: '^-?[0-9]{1,16}(\\.[0-9]{1,8})?$', description }))
const string = (description: string) => Type.Optional(Type.String({ description }))

const StartQuery = Type.Object(
  {
    message: string('What the user says; needed unless `Last-Event-ID` or `regenerate` is given'),
    model: string('As in the body of the POST; so are all the others'),
    modelType: string('Another spelling of `model`'),
    conversation: string('Go on with this conversation'),
    regenerate: string('A turn'),
    edit: string('A turn'),
    onDisconnect: string('`continue` or `stop`'),
    idempotencyKey: string('For EventSource, which cannot set the header'),
    system: string('`params.system`'),
    temperature: number('`params.temperature`'),
    top_p: number('`params.top_p`'),
    max_tokens: number('`params.max_tokens`'),
    presence_penalty: number('`params.presence_penalty`'),
    frequency_penalty: number('`params.frequency_penalty`'),
    seed: number('`params.seed`'),
  },
  { additionalProperties: false },
)

const EventStream = Type.String({
  description: 'Each event has `id: <generation>:<seq>` and one `data:` line, an `Event` as JSON',
  examples: [
    'id: gen_5Zc0dFqT3q1y8Jw2mXk7Pw:2\ndata: {"generation":"gen_5Zc0dFqT3q1y8Jw2mXk7Pw","seq":2,"type":"text","text":"Hello"}\n\n',
  ],
})

function streamed(...others: [string, TSchema][]): object {
  const content = [['text/event-stream', EventStream] as const, ...others]
  const forms = content.map(([type, schema]) => [type, { schema }])
  return {
    200: { description: 'The answer, as it is written', content: Object.fromEntries(forms) },
    204: Type.Null({ description: 'The terminal event was seen already: nothing will come' }),
  }
}

const startErrors = errors(
  'not_found',
  'conflict',
  'too_large',
  'rate_limited',
  'provider_rejected',
  'provider_timeout',
  'overloaded',
)
const startAnswers = {
  ...streamed(
    ['text/plain', Type.String({ description: 'The bare text of the answer' })],
    ['application/json', ref(GenerationSchema)],
  ),
  ...startErrors,
  502: described(
    ErrorSchema,
    'provider_rejected, provider_unavailable, provider_broken; not with `text/event-stream`, where it is an event',
  ),
}

export const sse: FastifyPluginAsyncTypebox<Parts> = async (app, parts) => {
  app.post(
    '/chat/sse',
    {
      schema: {
        operationId: 'chat',
        tags: ['chat'],
        summary: 'Start a generation and stream it',
        description:
          '`Accept: text/event-stream` (default) streams events, `text/plain` the bare text, `application/json` waits for the whole. With `Last-Event-ID` it resumes that generation and starts nothing, whatever the body says.',
        headers: StartHeaders,
        body: ref(StartSchema),
        response: startAnswers,
      },
    },
    (request, reply) => converse(request, reply, request.body),
  )

  app.get(
    '/chat/sse',
    {
      schema: {
        operationId: 'chatByGet',
        tags: ['chat'],
        summary: 'The same for EventSource and a bare curl -N',
        headers: StartHeaders,
        querystring: StartQuery,
        response: startAnswers,
      },
    },
    (request, reply) => converse(request, reply, () => checked(request)),
  )

  app.get(
    '/chat/generations/:id/events',
    {
      schema: {
        operationId: 'attach',
        tags: ['chat'],
        summary: 'Read a generation from any event on, live or ended',
        params: GenerationParams,
        headers: ResumeHeaders,
        querystring: Type.Object(
          {
            after: Type.Optional(
              Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$', description: 'A seq' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { ...streamed(), ...errors('not_found', 'conflict') },
      },
    },
    (request, reply) => {
      const { id } = request.params
      const cursor = readCursor(request.headers['last-event-id'])
      if (cursor !== undefined && cursor.generation !== id) {
        const message = 'Last-Event-ID belongs to another generation; attach to that one.'
        throw new ChatError('invalid_request', message)
      }
      const after = cursor?.after ?? Number(request.query.after ?? 0)
      return attached(reply, { generation: id, after }, sendEvents)
    },
  )

  async function converse(
    request: FastifyRequest,
    reply: FastifyReply,
    body: StartBody | (() => StartBody),
  ): Promise<void> {
    const accept = request.headers.accept
    const form = accept === undefined ? forms[0] : negotiator.negotiate(accept)
    const send =
      form === 'text/plain' ? sendText : form === 'application/json' ? sendWhole : sendEvents
    const resumed = readCursor(request.headers['last-event-id'])
    if (resumed !== undefined) return attached(reply, resumed, send)
    const key = request.headers['idempotency-key']
    const asked = typeof body === 'function' ? body() : body
    const start = readStart(asked, parts.maxMessages, typeof key === 'string' ? key : undefined)
    await parts.admit(request)
    return attached(reply, { generation: await parts.chat.start(start), after: 0 }, send)
  }

  async function attached(
    reply: FastifyReply,
    { generation, after }: { generation: string; after: number },
    send: (client: Client, parts: Parts) => Promise<void>,
  ): Promise<void> {
    const { raw } = reply
    // Events can be ended and resumed; text or a whole that just ended would look complete.
    const dismiss = (): void => void (send === sendEvents ? raw.end() : raw.destroy())
    const life = parts.connections.open(raw, dismiss)
    try {
      const attachment = await parts.chat.attach(generation, after, life.signal)
      await send({ reply, life, attachment }, parts)
    } finally {
      life.end()
    }
  }
}

/** The query, turned into a body, is held to the body's schema. */
function checked(request: FastifyRequest): StartBody {
  const body = bodyOfQuery(request.query as Record<string, string>)
  const validate = request.compileValidationSchema(ref(StartSchema))
  if (validate(body)) return body
  throw explain(validate.errors ?? [], 'query')
}
