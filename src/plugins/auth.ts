import bearerAuth from '@fastify/bearer-auth'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'
import { addressOf, isLocal } from './address.ts'
import { isOwnPage, readCookie, setCookie } from './cookie.ts'
import { createGuesses } from './guesses.ts'
import type { Ring } from './keys.ts'
import type { Sessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'

/** Who asks: what core/owned.ts calls a caller. */
export interface Identity {
  readonly owner: string
  /** What is counted per minute is counted by this: the owner, or the address. */
  readonly client: string
  /** And its live answers; undefined, as uncounted, on this machine itself where there are no keys. */
  readonly quota: string | undefined
  /** Ms since the epoch when what let it in ends, at the latest. */
  readonly until: number
  /** Whether it is good at that time. */
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
  readonly sessions: Sessions
  readonly wrongPerMinute: number
}

/**
 * A browser's WebSocket cannot set a header; it names the key beside the sub-protocol, with what the
 * name of a sub-protocol cannot hold percent-encoded.
 */
const protocolKey = /(?:^|,)\s*bearer\.([^\s,]+)/

function decoded(key: string | undefined): string | undefined {
  try {
    return key && decodeURIComponent(key)
  } catch {
    // Not encoded, so not a key that was meant to be read here.
    return key
  }
}

/**
 * With keys, or tokens of an identity provider, every request under `/api/` needs one as
 * `Authorization: Bearer …`, or the cookie of a session that was begun with one; never read from a
 * URL. Without, all of them are nobody's, and told apart by their address.
 */
export const auth = fp(async (app: FastifyInstance, options: AuthOptions) => {
  const { ring, tokens, sessions, wrongPerMinute } = options
  app.decorateRequest('identity', undefined)
  const open = ring.size === 0 && tokens === undefined
  const guesses = createGuesses(app, wrongPerMinute)
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
    const token = owner === undefined ? await tokens?.verify(key) : undefined
    if (token === 'ended') throw ended()
    // Nobody guesses a signature.
    if (token !== undefined && token !== 'refused') {
      request.identity = identity(token)
      return true
    }
    await guesses.check(request, owner)
    if (owner === undefined) await guesses.wrong(request)
    else request.identity = identity({ owner, until: Infinity })
    return owner !== undefined
  }

  function signedIn(request: FastifyRequest, reply: FastifyReply): Identity | undefined {
    const value = readCookie(request)
    if (value === undefined) return undefined
    const session = sessions.find(value)
    if (session === undefined) setCookie(reply, '', 0)
    else if (!isOwnPage(request)) throw foreign()
    return session && { ...identity(session), lasts: () => sessions.find(value) !== undefined }
  }

  app.addHook('onRequest', (request, reply, next) => {
    // By the route that was found, never by the address as it was written: `/%61pi/` is `/api/`.
    if (request.routeOptions.url?.startsWith('/api/') !== true) return next()
    if (open) {
      request.identity = nobody(addressOf(request))
      return next()
    }
    const { authorization, 'sec-websocket-protocol': protocol } = request.headers
    const named = decoded(protocolKey.exec(protocol ?? '')?.[1])
    if (authorization === undefined && named !== undefined) {
      request.headers.authorization = `Bearer ${named}`
    }
    // What a browser sends by itself counts only where nothing was sent on purpose.
    if (request.headers.authorization === undefined) {
      request.identity = signedIn(request, reply)
      if (request.identity !== undefined) return next()
    }
    return verify(request, reply, error => {
      if (error === undefined) return next()
      const refusal = error instanceof ChatError ? error : refused()
      if (refusal.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
      return next(refusal)
    })
  })
})

function identity({ owner, until }: { owner: string; until: number }): Identity {
  return { owner, client: owner, quota: owner, until, lasts: at => at < until }
}

function nobody(client: string): Identity {
  const quota = isLocal(client) ? undefined : client
  return { owner: '', client, quota, until: Infinity, lasts: () => true }
}

/** Who asks, in a handler of a route under `/api/`, where everybody has been identified. */
export function identityOf({ identity }: FastifyRequest): Identity {
  if (identity === undefined) throw new Error('a request was let in without being identified')
  return identity
}

const refused = (): ChatError =>
  new ChatError('unauthorized', 'Send an API key or a token as Authorization: Bearer <key>.')

const foreign = (): ChatError =>
  new ChatError('forbidden', 'A session is for its own page. Send the key or token instead.')

const ended = (): ChatError =>
  new ChatError('unauthorized', 'This token has ended. Sign in again and send the new one.')
