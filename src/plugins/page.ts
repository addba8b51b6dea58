import { existsSync } from 'node:fs'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import helmet from 'helmet'

/**
 * The headers of every answer: our own scripts and styles only, no frame around the page, nothing from
 * another origin. Made once: Helmet's plugin reads its options anew at each request, which was 6 % of
 * the processor time of a short answer.
 */
const closed = helmet({
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

/** The chat page, from the folder that Vite built it into, and the headers that keep it closed. */
export const page = fp(async (app: FastifyInstance, { root }: { root: string }) => {
  app.addHook('onRequest', (request, reply, next) => {
    closed(request.raw, reply.raw, error => next(error as Error | undefined))
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
