import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'
import { identityOf } from './auth.ts'
import { readCookie, setCookie } from './cookie.ts'
import type { Sessions } from './sessions.ts'

export interface SessionOptions {
  readonly path: string
  readonly sessions: Sessions
  readonly lifeMs: number
  readonly now: () => number
  /** Nobody needs a key here. */
  readonly open: boolean
}

const failure = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: 'Error#' } } },
})
/** What a request with a body that nobody asked for can be answered. */
const bodies = {
  413: failure('too_large'),
  415: failure('invalid_request'),
}

const begin = {
  operationId: 'signIn',
  tags: ['session'],
  summary: 'Begin a session with a key or token, for pages: from here on its cookie will do',
  response: {
    200: {
      description: 'Signed in',
      headers: {
        'Set-Cookie': { type: 'string', description: 'HttpOnly, SameSite=Strict, Secure by HTTPS' },
      },
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['until'],
            properties: {
              until: { type: 'number', description: 'Its end, in milliseconds since the epoch' },
            },
            examples: [{ until: 1_790_000_000_000 }],
          },
        },
      },
    },
    400: failure('invalid_request'),
    429: failure('rate_limited'),
    ...bodies,
  },
}

const end = {
  operationId: 'signOut',
  tags: ['session'],
  summary: 'End the session; its streams and sockets end within seconds',
  response: { 204: { type: 'null', description: 'Signed out' }, ...bodies },
}

/** `POST` and `DELETE` of the session: what a person needs to give a page their key once. */
export const session = fp((app: FastifyInstance, options: SessionOptions, done: () => void) => {
  const { path, sessions, lifeMs, now, open } = options

  app.post(path, { schema: begin }, async (request, reply) => {
    if (open) throw new ChatError('invalid_request', 'This server needs no key.')
    const { owner, until: latest } = keyed(request)
    await app.admit(request)
    const until = Math.min(latest, now() + lifeMs)
    setCookie(reply, sessions.begin({ owner, until }), until - now())
    return { until }
  })

  app.delete(path, { schema: end }, async (request, reply) => {
    const value = readCookie(request)
    if (value !== undefined) sessions.end(value)
    setCookie(reply, '', 0)
    return reply.code(204).send(null)
  })
  done()
})

/** A session is no way to a longer one: it takes what it was begun with. */
function keyed(request: FastifyRequest) {
  if (request.headers.authorization !== undefined) return identityOf(request)
  throw new ChatError('unauthorized', 'Send the API key or token as Authorization: Bearer <key>.')
}
