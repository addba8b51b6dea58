import { existsSync } from 'node:fs'
import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import helmet from 'helmet'

/**
 * The headers of whatever was let in: our own scripts and styles only, no frame around the page,
 * nothing from another origin. Helmet is asked once: it would make each of them anew at each request.
 */
const protect = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
      // The latter vouches for the script of the worker that highlights code.
      trustedTypes: ['lit-html', 'chatai'],
    },
  },
  // Loopback is served over plain HTTP; behind TLS the proxy sets it.
  strictTransportSecurity: false,
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
  // For plugins and browsers that are gone; every answer's head would carry them.
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  originAgentCluster: false,
})

/** Those headers, as Helmet sets them. */
function closedHeaders(): OutgoingHttpHeaders {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  protect(response.req, response, error => {
    if (error !== undefined) throw error as Error
  })
  return response.getHeaders()
}

/** The chat page, from the folder that Vite built it into, and the headers that keep it closed. */
export const page = fp(async (app: FastifyInstance, { root }: { root: string }) => {
  const headers = closedHeaders()
  app.addHook('onRequest', (_request, reply, next) => {
    // Not set on the response itself, which would keep a second copy for as long as a stream lasts.
    reply.headers(headers)
    next()
  })
  if (!existsSync(root)) {
    app.log.warn('The page is not built: run npm run build. The API is served without it.')
    return
  }
  await app.register(fastifyStatic, {
    root,
    cacheControl: false,
    setHeaders(response, path) {
      const hashed = path.includes('/assets/')
      response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      // By its name it is a video (MPEG transport stream).
      if (path.endsWith('.d.ts')) response.header('content-type', 'text/plain; charset=utf-8')
    },
  })
})
