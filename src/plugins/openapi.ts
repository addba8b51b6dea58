import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { stringify } from 'yaml'
import { type Contract, finish } from './contract.ts'
import { COOKIE } from './cookie.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The contract as text; complete once the app is ready. */
    contract(): string
  }
}

/** Where the text of the API lives: the WebSocket protocol has no place in OpenAPI's paths. */
export interface OpenapiOptions {
  readonly description: string
  readonly version: string
}

const tags = [
  { name: 'chat', description: 'Start, watch, stop and update answers' },
  { name: 'conversations', description: 'The turns that give an answer its context' },
  { name: 'models', description: 'What can answer' },
  { name: 'session', description: 'Signing in and out at a page' },
  { name: 'operation', description: 'For those who run the server' },
]

/**
 * The contract, written from the route schemas, and `GET /openapi.yaml`. Registered before the
 * routes. The text depends on nothing but the code: no setting, no clock, no built page.
 */
export const openapi = fp(async (app: FastifyInstance, options: OpenapiOptions) => {
  const { description, version } = options
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'ChatAI',
        version,
        summary: 'Streams the answers of language models over SSE and WebSocket',
        description,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: 'http://127.0.0.1:8080', description: 'The default address' }],
      tags,
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description: 'One of API_KEYS, or a token of the identity provider, where any is set',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: COOKIE,
            description: 'Of a session of the page; over HTTPS its name begins with `__Host-`',
          },
        },
      },
      // With neither keys nor tokens set, the API is open to whoever reaches it.
      security: [{}, { key: [] }, { session: [] }],
    },
    // A literal stays one (`const`), as 3.1 allows.
    convertConstToEnum: false,
    transformObject(document) {
      if (!('openapiObject' in document)) throw new Error('this is not OpenAPI 3')
      finish(document.openapiObject as unknown as Contract)
      return document.openapiObject
    },
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, i) =>
        typeof $id === 'string' ? $id : `schema-${i}`,
    },
  })
  let text: string | undefined
  app.decorate('contract', () => {
    // Paragraphs and examples as they are written: no folding, no anchors.
    text ??= stringify(app.swagger(), { lineWidth: 0, aliasDuplicateObjects: false })
    return text
  })
  app.get(
    '/openapi.yaml',
    {
      schema: {
        operationId: 'getContract',
        tags: ['operation'],
        summary: 'This contract',
        response: {
          200: {
            description: 'OpenAPI 3.1',
            content: { 'application/yaml': { schema: { type: 'string' } } },
          },
        },
      },
    },
    async (_request, reply) => reply.type('application/yaml').send(app.contract()),
  )
})
