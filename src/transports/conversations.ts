/** The JSON routes of the conversations: list and search, read, import, rename, delete. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { ConversationFileSchema, readFile } from './conversation-file.ts'
import type { Parts } from './parts.ts'
import { described, errors } from './routes.ts'
import { ConversationId, ref, strict } from './schema.ts'
import {
  ConversationPageSchema,
  ConversationPatchSchema,
  ConversationSchema,
  ConversationWithTurnsSchema,
} from './views.ts'

const ConversationParams = Type.Object({ id: ConversationId })

const PageQuery = strict({
  limit: Type.Optional(
    Type.String({ pattern: '^([1-9][0-9]?|100)$', description: '1 to 100, 50 by default' }),
  ),
  after: Type.Optional(Type.String({ maxLength: 200, description: '`next` of the page before' })),
  search: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        'Only those whose title or turns hold this, as it stands, upper or lower case. A page may be short, even empty, while there is a `next`: the search has come as far as that',
    }),
  ),
})

export const conversations: FastifyPluginAsyncTypebox<Parts> = async (app, parts) => {
  app.get(
    '/chat/conversations',
    {
      schema: {
        operationId: 'listConversations',
        tags: ['conversations'],
        summary: 'The conversations, newest first, or those that a search finds',
        querystring: PageQuery,
        response: {
          200: described(ConversationPageSchema, 'One page'),
          ...errors('invalid_request', 'rate_limited', 'overloaded'),
        },
      },
    },
    async request => {
      const { after, search = '' } = request.query
      const limit = Number(request.query.limit ?? 50)
      const text = search.trim()
      const chat = parts.chat(request)
      if (text !== '') await parts.reads(request)
      const { conversations, next } =
        text === ''
          ? await chat.conversations(limit, after)
          : await chat.search({ text, limit, after })
      return { conversations: [...conversations], ...(next !== undefined && { next }) }
    },
  )

  app.post(
    '/chat/conversations',
    {
      bodyLimit: parts.importBytes,
      schema: {
        operationId: 'importConversation',
        tags: ['conversations'],
        summary: 'Import a conversation that was exported; it can be gone on with like any other',
        body: ref(ConversationFileSchema),
        response: {
          201: described(ConversationWithTurnsSchema, 'Imported, under ids of its own', {
            Location: { type: 'string', description: 'Where the conversation is' },
          }),
          ...errors('invalid_request', 'too_large', 'rate_limited', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      await parts.admit(request)
      const conversation = await parts.chat(request).import(readFile(request.body))
      return reply
        .code(201)
        .header('location', `${request.routeOptions.url}/${conversation.id}`)
        .send(conversation)
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
          ...errors('invalid_request', 'not_found', 'rate_limited'),
        },
      },
    },
    async request => {
      await parts.reads(request)
      return parts.chat(request).conversation(request.params.id)
    },
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
    request => parts.chat(request).patch(request.params.id, request.body),
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
      await parts.chat(request).remove(request.params.id)
      return reply.code(204).send(null)
    },
  )
}
