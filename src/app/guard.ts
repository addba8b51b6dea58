/** Who is let in, and how often: all that may refuse a request before its route is asked. */
import cookie from '@fastify/cookie'
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import { type Config, isOpen } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import { auth } from '../plugins/auth.ts'
import { forwarded } from '../plugins/forwarded.ts'
import { type Ring, createRing } from '../plugins/keys.ts'
import { limits } from '../plugins/limits.ts'
import { origin } from '../plugins/origin.ts'
import { session } from '../plugins/session.ts'
import { type Sessions, createSessions } from '../plugins/sessions.ts'
import { type Tokens, createTokens } from '../plugins/tokens.ts'

/** What lets somebody in. */
export interface Credentials {
  readonly ring: Ring
  readonly tokens: Tokens | undefined
  readonly sessions: Sessions
  readonly now: () => number
}

/** Throws an Error of one sentence on a setting that cannot be read. */
export async function readCredentials(config: Config, clock: Clock): Promise<Credentials> {
  const now = (): number => clock.date()
  return {
    ring: await createRing(config.API_KEYS),
    tokens: config.jwt && createTokens({ ...config.jwt, now }),
    sessions: createSessions(now),
    now,
  }
}

/** The order counts: another site is told nothing of keys, and who has none uses up no limit. */
export async function guard(
  server: FastifyInstance,
  config: Config,
  credentials: Credentials,
): Promise<void> {
  if (config.ALLOWED_ORIGINS.length > 0) await server.register(cors, crossOrigin(config))
  await server.register(origin, {
    host: config.HOST,
    allowed: config.ALLOWED_ORIGINS,
    publicUrl: config.PUBLIC_URL,
    open: isOpen(config),
  })
  await server.register(forwarded)
  await server.register(limits, {
    startsPerMinute: config.RATE_LIMIT_PER_MINUTE,
    startsPerAddress: config.RATE_LIMIT_PER_ADDRESS,
    readsPerMinute: config.READS_PER_MINUTE,
    sockets: config.MAX_SOCKETS,
    socketsPerAddress: config.MAX_SOCKETS_PER_ADDRESS,
  })
  await server.register(cookie)
  await server.register(auth, { ...credentials, wrongPerMinute: config.WRONG_KEYS_PER_MINUTE })
}

/** Nothing is shared with other sites unless they are named. */
const crossOrigin = ({ ALLOWED_ORIGINS }: Config): FastifyCorsOptions => ({
  origin: [...ALLOWED_ORIGINS],
  methods: ['GET', 'POST', 'PATCH', 'DELETE'],
  exposedHeaders: ['retry-after', 'x-generation', 'location'],
  maxAge: 600,
})

/** The routes to sign in and out. */
export async function signing(
  server: FastifyInstance,
  config: Config,
  options: Credentials & { readonly path: string },
): Promise<void> {
  await server.register(session, {
    ...options,
    lifeMs: config.SESSION_MS,
    open: isOpen(config),
  })
}
