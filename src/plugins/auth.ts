import bearerAuth from '@fastify/bearer-auth'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'
import { addressOf } from './address.ts'
import type { Ring } from './keys.ts'
import type { Tokens } from './tokens.ts'

/** Who asks: what core/owned.ts calls a caller. */
export interface Identity {
  readonly owner: string
  readonly client: string
  /** Whether what let it in is good at that time, in ms since the epoch. */
  readonly lasts: (at: number) => boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every request under `/api/` that was let in. */
    identity: Identity | undefined
  }
}

export interface AuthOptions {
  readonly ring: Ring
  readonly tokens: Tokens | undefined
}

/** A browser's WebSocket cannot set a header; it names the key beside the sub-protocol. */
const protocolKey = /(?:^|,)\s*bearer\.([^\s,]+)/

/**
 * With keys, or tokens of an identity provider, every request under `/api/` needs one as
 * `Authorization: Bearer …`; never read from a URL. Without, all of them are nobody's, and told
 * apart by their address.
 */
export const auth = fp(async (app: FastifyInstance, { ring, tokens }: AuthOptions) => {
  app.decorateRequest('identity', undefined)
  const open = ring.size === 0 && tokens === undefined
  await app.register(bearerAuth, {
    keys: [],
    auth: identify,
    addHook: false,
    verifyErrorLogLevel: 'debug',
  })
  const verify = app.verifyBearerAuth
  if (verify === undefined) throw new Error('bearer-auth did not decorate the app')

  async function identify(key: string, request: FastifyRequest): Promise<boolean> {
    const owner = ring.find(key)
    const token = owner === undefined ? await tokens?.verify(key) : { owner, until: Infinity }
    if (token === 'ended') throw ended()
    if (token === undefined || token === 'refused') return false
    request.identity = {
      owner: token.owner,
      client: token.owner,
      lasts: at => at < token.until,
    }
    return true
  }

  app.addHook('onRequest', (request, reply, next) => {
    // By the route that was found, never by the address as it was written: `/%61pi/` is `/api/`.
    if (request.routeOptions.url?.startsWith('/api/') !== true) return next()
    if (open) {
      request.identity = { owner: '', client: addressOf(request), lasts: () => true }
      return next()
    }
    const { authorization, 'sec-websocket-protocol': protocol } = request.headers
    const named = protocolKey.exec(protocol ?? '')?.[1]
    if (authorization === undefined && named !== undefined) {
      request.headers.authorization = `Bearer ${named}`
    }
    return verify(request, reply, error => {
      if (error === undefined) return next()
      const refusal = error instanceof ChatError ? error : refused()
      if (refusal.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
      return next(refusal)
    })
  })
})

/** Who asks, in a handler of a route under `/api/`, where everybody has been identified. */
export function identityOf({ identity }: FastifyRequest): Identity {
  if (identity === undefined) throw new Error('a request was let in without being identified')
  return identity
}

const refused = (): ChatError =>
  new ChatError('unauthorized', 'Send an API key or a token as Authorization: Bearer <key>.')

const ended = (): ChatError =>
  new ChatError('unauthorized', 'This token has ended. Sign in again and send the new one.')
