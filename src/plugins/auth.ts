import bearerAuth from '@fastify/bearer-auth'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'

/** A browser's WebSocket cannot set a header; it names the key beside the sub-protocol. */
const protocolKey = /(?:^|,)\s*bearer\.([^\s,]+)/

/**
 * With any key set, every request under `/api/` needs one as `Authorization: Bearer …`. Compared
 * in constant time by the library; never read from a URL.
 */
export const auth = fp(async (app: FastifyInstance, { keys }: { keys: readonly string[] }) => {
  if (keys.length === 0) return
  await app.register(bearerAuth, {
    keys: new Set(keys),
    addHook: false,
    verifyErrorLogLevel: 'debug',
  })
  const verify = app.verifyBearerAuth
  if (verify === undefined) throw new Error('bearer-auth did not decorate the app')
  app.addHook('onRequest', (request, reply, next) => {
    if (!request.url.startsWith('/api/')) return next()
    const { authorization, 'sec-websocket-protocol': protocol } = request.headers
    const named = protocolKey.exec(protocol ?? '')?.[1]
    if (authorization === undefined && named !== undefined) {
      request.headers.authorization = `Bearer ${named}`
    }
    return verify(request, reply, error => {
      if (error === undefined) return next()
      reply.header('www-authenticate', 'Bearer')
      return next(refused())
    })
  })
})

const refused = (): ChatError =>
  new ChatError('unauthorized', 'Send one of the API keys as Authorization: Bearer <key>.')
