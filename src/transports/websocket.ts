/** The socket route: frames in, the session's commands out; heartbeat, floods, close codes. */
import type { WebSocket } from '@fastify/websocket'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { RawData } from 'ws'
import { ChatError } from '../core/errors.ts'
import { explain } from './invalid.ts'
import type { Dismissal } from './lifetime.ts'
import type { Parts } from './parts.ts'
import { NO_ID, createPlainSession } from './plain-session.ts'
import { type Session, createSession } from './session.ts'
import { strict } from './schema.ts'
import { close, refusal, statusOf } from './status.ts'
import { type Command, type Reply, commands } from './wire.ts'

/** Commands of one socket that wait, and replies that it has not read, in all: what they keep. */
const COMMANDS_OPEN = 256

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
      const error = invalid('This is a WebSocket: connect to it with ws:// instead of http://.')
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
  listen({ socket, request, session, plainText, budget })
}

interface Listener {
  readonly socket: WebSocket
  readonly request: FastifyRequest
  readonly session: Session
  readonly plainText: boolean
  readonly budget: Budget
}

function listen({ socket, request, session, plainText, budget }: Listener): void {
  // Commands are begun in the order they came: an attach is done before the detach after it.
  // stop and update wait for the provider, and nothing waits for them.
  let turn = Promise.resolve()
  function receive(frame: string): void {
    let id: string | null = null
    try {
      const said = plainText ? readPlain(frame) : readJson(frame)
      id = idOf(said)
      const command = checked(said, request)
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

/** What one socket may ask for. */
interface Budget {
  /** Whether one more frame may come now. */
  readonly spend: () => boolean
  /** Something is open until `end`. */
  readonly begin: () => void
  readonly end: () => void
}

function createBudget({ perSecond, burst }: Parts['commands']): Budget {
  let tokens = burst
  let filled = performance.now()
  let open = 0
  return {
    spend() {
      const now = performance.now()
      tokens = Math.min(burst, tokens + ((now - filled) / 1000) * perSecond)
      filled = now
      tokens--
      return tokens >= 0 && open < COMMANDS_OPEN
    },
    begin: () => void open++,
    end: () => void open--,
  }
}

/** ws hands over a Buffer, unless its binaryType was changed, which nobody does. */
const text = (data: RawData): string => (data as Buffer).toString('utf8')

/** Keys with which a parsed object could pretend to be another. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

function readJson(frame: string): unknown {
  try {
    return JSON.parse(frame, (key, value: unknown) => {
      if (forbidden.has(key)) throw invalid(`The field ${key} is not allowed.`)
      return value
    })
  } catch (error) {
    if (error instanceof ChatError) throw error
    throw invalid('The frame is not JSON. Send one JSON object a frame.')
  }
}

/** Plain mode: what is not a JSON object is a message; an object without a type is a start. */
function readPlain(frame: string): unknown {
  let said: unknown
  try {
    said = readJson(frame)
  } catch (error) {
    if (isJson(frame)) throw error
  }
  if (!isObject(said)) return { id: NO_ID, type: 'start', message: frame }
  return Object.hasOwn(said, 'type') ? said : { id: NO_ID, type: 'start', ...said }
}

function isJson(frame: string): boolean {
  try {
    JSON.parse(frame)
    return true
  } catch {
    return false
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const idOf = (said: unknown): string | null =>
  isObject(said) && typeof said['id'] === 'string' ? said['id'].slice(0, 128) : null

function checked(said: unknown, request: FastifyRequest): Command {
  const type = isObject(said) ? said['type'] : undefined
  if (typeof type !== 'string' || !Object.hasOwn(commands, type)) {
    throw invalid(`type must be one of ${Object.keys(commands).join(', ')}.`)
  }
  const validate = request.compileValidationSchema(commands[type as Command['type']])
  if (!validate(said)) throw explain(validate.errors ?? [], 'command')
  return said as Command
}

const invalid = (message: string): ChatError => new ChatError('invalid_request', message)
