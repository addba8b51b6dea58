import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import fastifyWebsocket, { type WebsocketPluginOptions } from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { refuse } from './unreadable.ts'

/** What ws lets one client do; by its types it does not know all of these. */
const limits = {
  /** Of one message: 256 KiB in fragments of 4 KiB. Empty ones have no size to be limited. */
  maxFragments: 64,
  /** Unread ones; more than that is cut. A flood of pings is closed with 4429 before. */
  maxPendingAutoPongs: 256,
}

/** A frame that breaks the rules is the client's doing; ws has closed with the code that says so. */
const errorHandler: WebsocketPluginOptions['errorHandler'] = (error, socket, { log }) => {
  const { code } = error as NodeJS.ErrnoException
  if (code?.startsWith('WS_ERR_')) return log.debug({ code }, 'bad frame')
  log.error({ err: error }, 'socket failed')
  return socket.terminate()
}

/** Of the protocol, which a client of another one learns from this (RFC 6455, section 4.4). */
const VERSION = 'Sec-WebSocket-Version: 13'

/**
 * WebSockets, as ws makes them. To be registered before every hook that may refuse: only then does
 * the plugin end a refused upgrade's socket. A broken handshake is answered in the envelope of
 * every other error.
 */
export const sockets = fp(async (app: FastifyInstance, { bytes }: { bytes: number }) => {
  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: bytes,
      perMessageDeflate: false,
      handleProtocols: offered => (offered.has('chatai.v1') ? 'chatai.v1' : false),
      ...limits,
    },
    errorHandler,
    // Sockets are on the list of connections, with those of SSE, and dismissed from there.
    preClose: done => done(),
  })
  app.server.on('request', (request, response) => answers.set(request.socket, response))
  app.websocketServer.on('wsClientError', ({ message }, socket) => {
    const status = '400 Bad Request'
    refuse(socket, { status, message: `The WebSocket handshake is wrong: ${message}.` }, VERSION)
  })
})

/** The response that was begun last on a connection; those before it have left when it has. */
const answers = new WeakMap<Socket, ServerResponse>()

/**
 * Whether a request with an `Upgrade` asks for a WebSocket. Everything else is served as if it had
 * none (RFC 9110, section 7.8): `curl --http2` and Java's client offer HTTP/2 with each request. So
 * is a handshake that has a body, which would be read as frames, or that follows a request without
 * waiting for its response.
 */
export function asksForWebSocket(request: IncomingMessage): boolean {
  const { upgrade, 'content-length': length, 'transfer-encoding': coding } = request.headers
  if (upgrade?.toLowerCase() !== 'websocket' || request.method !== 'GET') return false
  if (request.httpVersion !== '1.1' || coding !== undefined) return false
  if (length !== undefined && length !== '0') return false
  return answers.get(request.socket)?.writableFinished ?? true
}
