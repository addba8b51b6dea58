/** The JSON routes: start without streaming, generations, models; conversations are beside it. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Chat } from '../core/chat.ts'
import { conversations } from './conversations.ts'
import type { Parts } from './parts.ts'
import { GenerationParams, StartHeaders, described, errors } from './routes.ts'
import { ref } from './schema.ts'
import { measure, readStart } from './start.ts'
import { GenerationSchema, ModelListSchema } from './views.ts'
import { StartSchema, UpdateSchema } from './wire.ts'

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
        summary:
          'The models, whether each is ready and, if not, what is missing; and how much may be sent',
        response: { 200: described(ModelListSchema, 'All models') },
      },
    },
    request => ({
      models: modelList(parts.chat(request)),
      limits: { bodyBytes: app.initialConfig.bodyLimit ?? 0, importBytes: parts.importBytes },
    }),
  )
}

const generations: FastifyPluginAsyncTypebox<Parts> = async (app, parts) => {
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
      const start = readStart(request.body, parts.bounds, key)
      await parts.admit(request)
      const chat = parts.chat(request)
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
          ...errors('invalid_request', 'not_found', 'rate_limited'),
        },
      },
    },
    async request => {
      await parts.reads(request)
      return parts.chat(request).generation(request.params.id)
    },
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
    async request => {
      const { id } = request.params
      const chat = parts.chat(request)
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
          ...errors('invalid_request', 'not_found', 'conflict', 'too_large', 'rate_limited'),
          ...errors('overloaded'),
        },
      },
    },
    async request => {
      const { id } = request.params
      const chat = parts.chat(request)
      measure([request.body.params?.system ?? ''], parts.bounds)
      await parts.admit(request)
      await chat.update(id, request.body)
      return chat.generation(id)
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
