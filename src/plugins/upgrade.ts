import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'

/**
 * Refuses an upgrade of any route but the socket's before it happens: the WebSocket plugin would
 * take it and then close with 1005, which tells a client nothing.
 */
export const upgrade = fp((app: FastifyInstance, { path }: { path: string }, done: () => void) => {
  app.addHook('onRequest', (request, _reply, next) => {
    const refused = request.ws && request.routeOptions.url !== path
    next(
      refused
        ? new ChatError('not_found', `There is no WebSocket here, but at ${path}.`)
        : undefined,
    )
  })
  done()
})
