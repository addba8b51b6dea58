import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'

export interface OriginOptions {
  /** The address the server is bound to. */
  readonly host: string
  /** Origins of other sites that may use the API. */
  readonly allowed: readonly string[]
}

/** They tell nothing and change nothing. */
const probes = new Set(['/healthz', '/readyz'])

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Keeps other sites' pages out: a foreign `Origin`, a cross-site fetch without one, and, where we
 * are bound to loopback, a foreign `Host` (DNS rebinding). Upgrades pass here too: browsers ask no
 * leave before a WebSocket. What has no Origin and is no browser (curl, an SDK) passes.
 */
export const origin = fp((app: FastifyInstance, options: OriginOptions, done: () => void) => {
  const allowed = new Set(options.allowed)
  const hosts = new Set(options.allowed.map(site => new URL(site).host))
  const local = loopback.has(options.host) || options.host === '::1'

  function check(request: FastifyRequest): void {
    const { host = '', origin: from, 'sec-fetch-site': site } = request.headers
    const name = URL.parse(`http://${host}`)?.hostname ?? ''
    // Load balancers ask by address, or name no host at all.
    const probe = probes.has(request.routeOptions.url ?? '')
    if (local && !probe && !loopback.has(name) && !hosts.has(host)) {
      throw forbid('This Host is not served here. Use the address that the server printed.')
    }
    if (from !== undefined) {
      if (allowed.has(from) || isSameOrigin(request)) return
      throw forbid('This site may not use the API. Its origin is not in ALLOWED_ORIGINS.')
    }
    // An <img> or EventSource of another site sends no Origin, but says what it is. A person who
    // follows a link to the page is welcome.
    if ((site === 'cross-site' || site === 'same-site') && !isPage(request)) {
      throw forbid('This site may not use the API. Its origin is not in ALLOWED_ORIGINS.')
    }
  }
  app.addHook('onRequest', (request, _reply, next) => {
    check(request)
    next()
  })
  done()
})

/** Whether it comes from a page of this very server, as far as its `Origin` says. */
export function isSameOrigin({ headers, protocol }: FastifyRequest): boolean {
  const { origin: from = '', host } = headers
  const url = URL.parse(from)
  if (url === null || url.origin !== from || url.host !== host) return false
  // A page that came by plain HTTP may be anybody's who was on the way. A proxy may have taken TLS
  // away, unknown to us, so that the other way round says nothing.
  return url.protocol === 'https:' || protocol === 'http'
}

const isPage = (request: FastifyRequest): boolean =>
  request.method === 'GET' &&
  request.headers['sec-fetch-mode'] === 'navigate' &&
  request.routeOptions.url?.startsWith('/api/') === false

const forbid = (message: string): ChatError => new ChatError('forbidden', message)
