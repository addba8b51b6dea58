import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'

const state = (description: string) => ({
  description,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['status'],
        properties: { status: { type: 'string', examples: ['ok'] } },
      },
    },
  },
})

/** `GET /healthz`: the process is alive. `GET /readyz`: it takes traffic; 503 while it drains. */
export const health = fp(
  (app: FastifyInstance, { draining }: { draining: () => boolean }, done: () => void) => {
    app.get(
      '/healthz',
      {
        exposeHeadRoute: true,
        schema: {
          operationId: 'getHealth',
          tags: ['operation'],
          summary: 'Alive',
          response: { 200: state('The process is alive') },
        },
      },
      () => ({ status: 'ok' }),
    )
    app.get(
      '/readyz',
      {
        exposeHeadRoute: true,
        schema: {
          operationId: 'getReadiness',
          tags: ['operation'],
          summary: 'Taking traffic',
          response: {
            200: state('It takes traffic'),
            503: {
              description: 'overloaded: it drains and takes no new answers',
              content: { 'application/json': { schema: { $ref: 'Error#' } } },
            },
          },
        },
      },
      () => {
        if (draining())
          throw new ChatError('overloaded', 'The server is going down.', { retryAfter: 5 })
        return { status: 'ok' }
      },
    )
    done()
  },
)
