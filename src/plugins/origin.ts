import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Of the address that people open the server at, where it was told. */
    readonly publicOrigin: string | undefined
  }
}

export interface OriginOptions {
  /** The address the server is bound to. */
  readonly host: string
  /** Origins of other sites that may use the API. */
  readonly allowed: readonly string[]
  /** The address that people open it at. */
  readonly publicUrl: string | undefined
  /** Nobody needs a key: then a page that got past the Host could do everything. */
  readonly open: boolean
}

/** They tell nothing and change nothing. */
const probes = new Set(['/healthz', '/readyz'])

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Keeps other sites' pages out: a foreign `Origin`, a cross-site fetch without one, and a foreign
 * `Host` (DNS rebinding: a name of theirs that leads to us). Upgrades pass here too: browsers ask no
 * leave before a WebSocket. What has no Origin and is no browser (curl, an SDK) passes.
 */
export const origin = fp((app: FastifyInstance, options: OriginOptions, done: () => void) => {
  const allowed = new Set(options.allowed)
  const isServed = createHosts(options)
  app.decorate('publicOrigin', options.publicUrl && new URL(options.publicUrl).origin)

  function check(request: FastifyRequest): void {
    const { host = '', origin: from, 'sec-fetch-site': site } = request.headers
    // Load balancers ask by address, or name no host at all.
    if (!probes.has(request.routeOptions.url ?? '') && !isServed(host)) {
      throw forbid(
        'This Host is not served here. Use the address that the server printed, or PUBLIC_URL.',
      )
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

/** Which values of `Host` lead here. */
function createHosts({ host, allowed, publicUrl, open }: OriginOptions) {
  const local = loopback.has(host) || host === '::1' || host.startsWith('127.')
  const hosts = new Set(allowed.map(site => new URL(site).host))
  const names = new Set(loopback)
  if (publicUrl !== undefined) names.add(new URL(publicUrl).hostname)
  // With keys a page of a foreign name can do nothing: it has neither key nor cookie.
  const any = !local && publicUrl === undefined && !open
  // An address is no name that somebody could lead here.
  const addresses = !local && publicUrl === undefined

  return (value: string): boolean => {
    if (any || hosts.has(value)) return true
    const name = URL.parse(`http://${value}`)?.hostname ?? ''
    return names.has(name) || (addresses && isIP(name.replaceAll(/^\[|\]$/g, '')) !== 0)
  }
}

/** Whether it comes from a page of this very server, as far as its `Origin` says. */
export function isSameOrigin({ headers, protocol, server }: FastifyRequest): boolean {
  const { origin: from = '', host } = headers
  if (from === server.publicOrigin) return true
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
