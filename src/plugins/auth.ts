import bearerAuth from '@fastify/bearer-auth'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The API key that was accepted; undefined where none is needed. */
    key: string | undefined
  }
}

/** A browser's WebSocket cannot set a header; it names the key beside the sub-protocol. */
const protocolKey = /(?:^|,)\s*bearer\.([^\s,]+)/

/**
 * With any key set, every request under `/api/` needs one as `Authorization: Bearer …`. Compared
 * in constant time by the library; never read from a URL.
 */
export const auth = fp(async (app: FastifyInstance, { keys }: { keys: readonly string[] }) => {
  app.decorateRequest('key', undefined)
  if (keys.length === 0) return
  await app.register(bearerAuth, {
    keys: new Set(keys),
    addHook: false,
    verifyErrorLogLevel: 'debug',
  })
  const verify = app.verifyBearerAuth
  if (verify === undefined) throw new Error('bearer-auth did not decorate the app')
  app.addHook('onRequest', (request, reply, next) => {
    // By the route that was found, never by the address as it was written: `/%61pi/` is `/api/`.
    if (request.routeOptions.url?.startsWith('/api/') !== true) return next()
    const { authorization, 'sec-websocket-protocol': protocol } = request.headers
    const named = protocolKey.exec(protocol ?? '')?.[1]
    if (authorization === undefined && named !== undefined) {
      request.headers.authorization = `Bearer ${named}`
    }
    return verify(request, reply, error => {
      if (error === undefined) {
        request.key = request.headers.authorization?.replace(/^\S+\s+/, '').trim()
        return next()
      }
      reply.header('www-authenticate', 'Bearer')
      return next(refused())
    })
  })
})

const refused = (): ChatError =>
  new ChatError('unauthorized', 'Send one of the API keys as Authorization: Bearer <key>.')
