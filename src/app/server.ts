/** Fastify as it is used here: its limits, its log, and the words of its refusals. */
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Config } from '../config.ts'
import { answer } from '../plugins/errors.ts'
import { asksForWebSocket } from '../plugins/sockets.ts'
import { refuseUnreadable } from '../plugins/unreadable.ts'
import { type Fault, explain, judging } from '../transports/invalid.ts'

/** A slow sender of headers is cut off after this, and one of headers and body … */
const HEADERS_TIMEOUT_MS = 15_000
/** … after this. Fastify has no limit of its own here. */
const REQUEST_TIMEOUT_MS = 30_000
/** How often they are looked for. */
const TIMEOUT_CHECK_MS = 5000

/** Where the log goes, line by line. */
export interface LogSink {
  write(line: string): void
}

/** Not listening, and without a route; the log goes to standard error unless told. */
export function createServer(config: Config, logTo: LogSink | undefined): FastifyInstance {
  const server = Fastify({
    logger: {
      level: config.LOG_LEVEL,
      redact: [
        'req.headers.authorization',
        'req.headers.cookie',
        'req.headers["sec-websocket-protocol"]',
      ],
      stream: logTo ?? process.stderr,
    },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      shouldUpgradeCallback: asksForWebSocket,
    },
    exposeHeadRoutes: false,
    // Ours say it: a start is refused while the server drains, and what was begun may be ended.
    return503OnClosing: false,
    frameworkErrors: answer,
    clientErrorHandler: refuseUnreadable,
    forceCloseConnections: 'idle',
    trustProxy: config.TRUST_PROXY.length > 0 ? [...config.TRUST_PROXY] : false,
    ajv: { customOptions: judging },
    schemaErrorFormatter: (faults, where) => explain(faults as Fault[], where),
  })
  // An empty body of a request that needs none (a stop) is no fault, whatever its type says.
  const parse = server.getDefaultJsonParser('error', 'error')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, String(body), done)
  })
  // Bodies are JSON: a form or text/plain is what another site's page can send without asking.
  server.removeContentTypeParser('text/plain')
  return server
}
