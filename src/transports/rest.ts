/** The JSON routes: start without streaming, generations, conversations, models. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Chat } from '../core/chat.ts'
import type { Parts } from './parts.ts'
import { GenerationParams, StartHeaders, described, errors } from './routes.ts'
import { ConversationId, ref } from './schema.ts'
import { readStart } from './start.ts'
import {
  ConversationPageSchema,
  ConversationPatchSchema,
  ConversationSchema,
  ConversationWithTurnsSchema,
  GenerationSchema,
  ModelListSchema,
} from './views.ts'
import { StartSchema, UpdateSchema } from './wire.ts'

const ConversationParams = Type.Object({ id: ConversationId })

const PageQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.String({ pattern: '^([1-9][0-9]?|100)$', description: '1 to 100, 50 by default' }),
    ),
    after: Type.Optional(Type.String({ maxLength: 200, description: '`next` of the page before' })),
  },
  { additionalProperties: false },
)

export const rest: FastifyPluginAsyncTypebox<Parts> = async (app, parts) => {
  // The options of a plugin carry its prefix, which is not to be added twice.
  const inner = { ...parts, prefix: '' }
  await app.register(generations, inner)
  await app.register(conversations, inner)

  app.get(
    '/models',
    {
      schema: {
        operationId: 'listModels',
        tags: ['models'],
        summary: 'The models, whether each is ready and, if not, what is missing',
        response: { 200: described(ModelListSchema, 'All models') },
      },
    },
    () => ({ models: modelList(parts.chat) }),
  )
}

const generations: FastifyPluginAsyncTypebox<Parts> = async (app, parts) => {
  const { chat } = parts

  app.post(
    '/chat/generations',
    {
      schema: {
        operationId: 'startGeneration',
        tags: ['chat'],
        summary: 'Start a generation without streaming it',
        headers: StartHeaders,
        body: ref(StartSchema),
        response: {
          201: described(GenerationSchema, 'Started', {
            Location: { type: 'string', description: 'Where the generation is' },
          }),
          ...errors('invalid_request', 'not_found', 'conflict', 'too_large', 'rate_limited'),
          ...errors('overloaded'),
        },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key']
      const start = readStart(request.body, parts.maxMessages, key)
      await parts.admit(request)
      const generation = await chat.generation(await chat.start(start))
      return reply
        .code(201)
        .header('location', `${request.routeOptions.url}/${generation.id}`)
        .send(generation)
    },
  )

  app.get(
    '/chat/generations/:id',
    {
      schema: {
        operationId: 'getGeneration',
        tags: ['chat'],
        summary: 'A generation as its log has it so far',
        params: GenerationParams,
        response: {
          200: described(GenerationSchema, 'The generation'),
          ...errors('invalid_request', 'not_found'),
        },
      },
    },
    request => chat.generation(request.params.id),
  )

  app.post(
    '/chat/generations/:id/stop',
    {
      schema: {
        operationId: 'stopGeneration',
        tags: ['chat'],
        summary: 'Stop; answers once the upstream socket is closed and the end is stored',
        params: GenerationParams,
        response: {
          200: described(GenerationSchema, 'Ended, by this or before it'),
          ...errors('invalid_request', 'not_found', 'too_large', 'overloaded'),
        },
      },
    },
    async ({ params: { id } }) => {
      await chat.stop(id)
      return chat.generation(id)
    },
  )

  app.post(
    '/chat/generations/:id/update',
    {
      schema: {
        operationId: 'updateGeneration',
        tags: ['chat'],
        summary: 'Change model or parameters while the answer is written',
        params: GenerationParams,
        body: ref(UpdateSchema),
        response: {
          200: described(GenerationSchema, '`updated` is in the log'),
          ...errors('invalid_request', 'not_found', 'conflict', 'too_large', 'overloaded'),
        },
      },
    },
    async ({ params: { id }, body }) => {
      await chat.update(id, body)
      return chat.generation(id)
    },
  )
}

const conversations: FastifyPluginAsyncTypebox<Parts> = async (app, { chat }) => {
  app.get(
    '/chat/conversations',
    {
      schema: {
        operationId: 'listConversations',
        tags: ['conversations'],
        summary: 'The conversations, newest first',
        querystring: PageQuery,
        response: {
          200: described(ConversationPageSchema, 'One page'),
          ...errors('invalid_request'),
        },
      },
    },
    async ({ query }) => {
      const { conversations, next } = await chat.conversations(
        Number(query.limit ?? 50),
        query.after,
      )
      return { conversations, ...(next !== undefined && { next }) }
    },
  )

  app.get(
    '/chat/conversations/:id',
    {
      schema: {
        operationId: 'getConversation',
        tags: ['conversations'],
        summary: 'A conversation with all versions of its turns',
        params: ConversationParams,
        response: {
          200: described(ConversationWithTurnsSchema, 'The conversation'),
          ...errors('invalid_request', 'not_found'),
        },
      },
    },
    request => chat.conversation(request.params.id),
  )

  app.patch(
    '/chat/conversations/:id',
    {
      schema: {
        operationId: 'patchConversation',
        tags: ['conversations'],
        summary: 'Rename it, or go to another version',
        params: ConversationParams,
        body: ref(ConversationPatchSchema),
        response: {
          200: described(ConversationSchema, 'As it is now'),
          ...errors('invalid_request', 'not_found', 'too_large', 'overloaded'),
        },
      },
    },
    request => chat.patch(request.params.id, request.body),
  )

  app.delete(
    '/chat/conversations/:id',
    {
      schema: {
        operationId: 'deleteConversation',
        tags: ['conversations'],
        summary: 'Delete it with its turns and the logs of its answers; a live one is stopped',
        params: ConversationParams,
        response: {
          204: Type.Null({ description: 'Gone' }),
          ...errors('invalid_request', 'not_found', 'too_large', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      await chat.remove(request.params.id)
      return reply.code(204).send(null)
    },
  )
}

function modelList(chat: Chat) {
  const { preferred } = chat.models()
  return chat
    .models()
    .list()
    .map(({ id, label, vendor, ready, missing, contextWindow }) => ({
      id,
      label,
      provider: vendor,
      ready,
      contextWindow,
      preferred: id === preferred?.id,
      ...(missing !== undefined && { missing }),
    }))
}
