import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'
import { refusal } from '../transports/status.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** To be called once all routes are there. */
    refuseOtherMethods(): void
  }
  interface FastifyContextConfig {
    /** A route that only says which methods there are. */
    readonly refused?: boolean
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

/**
 * 405 with `Allow` for an address that is there by another method (RFC 9110, section 15.5.6), whatever
 * the body: a HEAD or a PUT never starts anything. Registered before the routes.
 */
export const methods = fp((app: FastifyInstance, _options: object, done: () => void) => {
  const taken = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = taken.get(url) ?? new Set()
    for (const one of [method].flat()) known.add(one)
    // The page's files are looked for under every name.
    if (!url.includes('*')) taken.set(url, known)
  })
  app.decorate('refuseOtherMethods', () => {
    for (const [url, known] of taken) refuse(app, url, [...known].sort())
  })
  done()
})

function refuse(app: FastifyInstance, url: string, known: readonly string[]): void {
  const others = METHODS.filter(method => !known.includes(method))
  const message = `This address takes ${known.join(' and ')} only.`
  const { body } = refusal(new ChatError('invalid_request', message))
  app.route({
    method: others,
    url,
    schema: { hide: true },
    config: { refused: true },
    // Before its body is read, or refused for what it is.
    onRequest: (_request, reply) => {
      void reply.code(405).header('allow', known.join(', ')).send(body)
    },
    handler: () => undefined,
  })
}
