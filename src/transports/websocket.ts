/** The socket route: what opens, keeps up and ends the connection under a session. */
import type { WebSocket } from '@fastify/websocket'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { RawData } from 'ws'
import { ChatError } from '../core/errors.ts'
import { type Budget, createBudget } from './budget.ts'
import { idOf, readJson, readPlain, toCommand } from './command.ts'
import type { Dismissal } from './lifetime.ts'
import type { Parts } from './parts.ts'
import { createPlainSession } from './plain-session.ts'
import { type Session, createSession } from './session.ts'
import { strict } from './schema.ts'
import { close, refusal, statusOf } from './status.ts'
import type { Reply } from './wire.ts'

/** This many heartbeats without a pong, and the client is gone. */
const MISSED_PONGS = 2

/** RFC 9110, section 15.5.22. */
const UPGRADE_REQUIRED = 426

/** What a client is told that is sent away: its close code and a reason for people. */
const farewells: Readonly<Record<Dismissal, readonly [code: number, reason: string]>> = {
  closing: [close.draining, 'the server is going down, come back in a moment'],
  old: [close.draining, 'this connection is old, come back with a new one'],
  expired: [statusOf.unauthorized.close, 'the key or token has ended, sign in again'],
}

const Query = strict({ format: Type.Optional(Type.Literal('text')) })

export const websocket: FastifyPluginAsyncTypebox<Parts> = async (app, parts) => {
  app.route({
    method: 'GET',
    url: '/chat/websocket',
    preHandler: parts.seat,
    schema: { querystring: Query, hide: true },
    handler(_request, reply) {
      const message = 'This is a WebSocket: connect to it with ws:// instead of http://.'
      const error = new ChatError('invalid_request', message)
      return reply
        .code(UPGRADE_REQUIRED)
        .headers({ upgrade: 'websocket', connection: 'upgrade' })
        .send(refusal(error).body)
    },
    wsHandler: (socket, request) => open(socket, request, parts),
  })
}

function open(socket: WebSocket, request: FastifyRequest, parts: Parts): void {
  const plainText = (request.query as { format?: string }).format === 'text'
  const life = parts.connections.open({
    stream: socket,
    lasts: () => parts.lasts(request),
    dismiss: reason => socket.close(...farewells[reason]),
  })
  const budget = createBudget(parts.commands)
  const reply = (message: Reply): void => {
    budget.begin()
    socket.send(JSON.stringify(message), budget.end)
  }
  const common = { ...parts, socket, request, life, reply }
  const session = plainText
    ? createPlainSession(common)
    : createSession({ ...common, frames: lines => lines.map(({ json }) => json) })
  beat(socket, parts.heartbeatMs, budget)
  listen({ socket, request, session, read: plainText ? readPlain : readJson, budget })
}

interface Listener {
  readonly socket: WebSocket
  readonly request: FastifyRequest
  readonly session: Session
  /** What a frame says. */
  readonly read: (frame: string) => unknown
  readonly budget: Budget
}

function listen({ socket, request, session, read, budget }: Listener): void {
  // Commands are begun in the order they came: an attach is done before the detach after it.
  // stop and update wait for the provider, and nothing waits for them.
  let turn = Promise.resolve()
  function receive(frame: string): void {
    let id: string | null = null
    try {
      const said = read(frame)
      id = idOf(said)
      const command = toCommand(said, request)
      const waits = command.type === 'stop' || command.type === 'update'
      budget.begin()
      turn = turn.then(() => {
        const done = session.handle(command).finally(budget.end)
        return waits ? undefined : done
      })
    } catch (error) {
      session.reject(id, error)
    }
  }
  socket.on('message', (data, isBinary) => {
    // What comes behind our own close frame was sent before it was read.
    if (socket.readyState !== socket.OPEN) return
    if (isBinary) socket.close(close.binary, 'send text frames')
    else if (budget.spend()) receive(text(data))
    else flooded(socket)
  })
  socket.on('ping', () => budget.spend() || flooded(socket))
}

const flooded = (socket: WebSocket): void =>
  socket.close(close.tooMany, 'too many commands, come back later')

/** Ping at each heartbeat; a client that missed too many pongs is cut off without a farewell. */
function beat(socket: WebSocket, heartbeatMs: number, budget: Budget): void {
  let missed = 0
  const timer = setInterval(() => {
    if (missed++ < MISSED_PONGS) socket.ping()
    else socket.terminate()
  }, heartbeatMs)
  socket.on('pong', () => {
    // Nobody asked for it.
    if (missed === 0 && !budget.spend()) flooded(socket)
    missed = 0
  })
  socket.on('close', () => clearInterval(timer))
}

/** ws hands over a Buffer, unless its binaryType was changed, which nobody does. */
const text = (data: RawData): string => (data as Buffer).toString('utf8')
