/** The cookie of a session: where it is read, how it is set, and from which pages it counts. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSameOrigin } from './origin.ts'

export const COOKIE = 'chatai-session'

/** A proxy may have taken TLS away, unknown to us: then the address that people open says it. */
const isSecure = ({ protocol, server }: FastifyRequest): boolean =>
  protocol === 'https' || server.publicOrigin?.startsWith('https:') === true

/**
 * Over HTTPS the name is one that browsers take only from this very host: a cookie of a neighbouring
 * host could otherwise put somebody into another's session.
 */
const nameFor = (request: FastifyRequest): string =>
  isSecure(request) ? `__Host-${COOKIE}` : COOKIE

export const readCookie = (request: FastifyRequest): string | undefined =>
  request.cookies[nameFor(request)]

/** Kept from scripts and from other sites; a life of 0 takes it back. */
export function setCookie(reply: FastifyReply, value: string, lifeMs: number): void {
  const { request } = reply
  reply.setCookie(nameFor(request), value, {
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(request),
    path: '/',
    maxAge: Math.floor(lifeMs / 1000),
  })
}

/**
 * Whether a request that a browser added the cookie to was made by our own page. SameSite does not
 * say so: it lets in the pages of neighbouring hosts and ports.
 */
export function isOwnPage(request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined) return isSameOrigin(request)
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  // Browsers of before 2023 say neither of a GET of their own page.
  return request.method === 'GET' && !request.ws
}
