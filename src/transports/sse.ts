/** Starting and attaching over HTTP: Server-Sent Events, and the same answer as text or whole. */
import { Negotiator } from '@fastify/accept-negotiator'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ChatError } from '../core/errors.ts'
import { goingDown } from '../core/live.ts'
import { type Client, sendEvents, sendText, sendWhole } from './answers.ts'
import { explain } from './invalid.ts'
import type { Parts } from './parts.ts'
import { GenerationParams, ResumeHeaders, StreamHeaders, described, errors } from './routes.ts'
import { ref, strict } from './schema.ts'
import { bodyOfQuery, readCursor, readStart } from './start.ts'
import { StartQuery, eventAnswers, startAnswers, startText } from './streams.ts'
import { ErrorSchema } from './views.ts'
import { type StartBody, StartSchema } from './wire.ts'

/** In the order in which they are sent to who likes several equally (axios: JSON before text). */
const forms = ['text/event-stream', 'application/json', 'text/plain'] as const
const negotiator = new Negotiator({ supportedValues: [...forms] })

export const sse: FastifyPluginAsyncTypebox<Parts> = async (app, parts) => {
  app.post(
    '/chat/sse',
    {
      preHandler: parts.seat,
      attachValidation: true,
      schema: {
        operationId: 'chat',
        tags: ['chat'],
        summary: 'Start a generation and stream it',
        description: startText,
        headers: StreamHeaders,
        body: ref(StartSchema),
        response: { ...startAnswers, ...errors('too_large') },
      },
    },
    (request, reply) => converse(request, reply, () => request.body),
  )

  app.get(
    '/chat/sse',
    {
      preHandler: parts.seat,
      schema: {
        operationId: 'chatByGet',
        tags: ['chat'],
        summary: 'The same for EventSource and a bare curl -N',
        description: startText,
        headers: StreamHeaders,
        querystring: StartQuery,
        response: { ...startAnswers, 413: described(ErrorSchema, 'too_large') },
      },
    },
    (request, reply) => converse(request, reply, () => checked(request)),
  )

  app.get(
    '/chat/generations/:id/events',
    {
      preHandler: parts.seat,
      schema: {
        operationId: 'attach',
        tags: ['chat'],
        summary: 'Read a generation from any event on, live or ended',
        params: GenerationParams,
        headers: ResumeHeaders,
        querystring: strict({
          after: Type.Optional(
            Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$', description: 'A seq' }),
          ),
        }),
        response: eventAnswers,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const cursor = readCursor(request.headers['last-event-id'])
      if (cursor !== undefined && cursor.generation !== id) {
        const message = 'Last-Event-ID belongs to another generation; attach to that one.'
        throw new ChatError('invalid_request', message)
      }
      const after = cursor?.after ?? Number(request.query.after ?? 0)
      await parts.reads(request)
      return attached(reply, { generation: id, after }, sendEvents)
    },
  )

  async function converse(
    request: FastifyRequest,
    reply: FastifyReply,
    body: () => StartBody,
  ): Promise<void> {
    const accept = request.headers.accept
    const form = accept === undefined ? forms[0] : negotiator.negotiate(accept)
    const send =
      form === 'text/plain' ? sendText : form === 'application/json' ? sendWhole : sendEvents
    const resumed = readCursor(request.headers['last-event-id'])
    if (resumed !== undefined) {
      await parts.reads(request)
      return attached(reply, resumed, send)
    }
    // Only now does the body matter: a client that repeats its request to resume may send anything.
    if (request.validationError !== undefined) throw request.validationError
    const key = request.headers['idempotency-key']
    const start = readStart(body(), parts.bounds, typeof key === 'string' ? key : undefined)
    await parts.admit(request)
    return attached(reply, { generation: await parts.chat(request).start(start), after: 0 }, send)
  }

  async function attached(
    reply: FastifyReply,
    { generation, after }: { generation: string; after: number },
    send: (client: Client, parts: Parts) => Promise<void>,
  ): Promise<void> {
    const { raw } = reply
    // Events can be ended and resumed; text or a whole that just ended would look complete.
    const dismiss = (): void =>
      void (send === sendEvents && raw.headersSent ? raw.end() : raw.destroy())
    if (parts.connections.closing) throw goingDown()
    const lasts = (): boolean => parts.lasts(reply.request)
    const life = parts.connections.open({ stream: raw, lasts, dismiss })
    try {
      const attachment = await parts.chat(reply.request).attach(generation, after, life.signal)
      await send({ reply, life, attachment, after }, parts)
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
