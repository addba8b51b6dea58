/**
 * HTTP on Node's own client, in the shape of the `fetch` that the SDK asks for. A successful body
 * stays a Node stream instead of a web stream, which is most of what streaming an answer costs.
 */
import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as http,
} from 'node:http'
import { Agent as HttpsAgent, request as https } from 'node:https'
import { type Readable, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type Intake, createIntake } from './intake.ts'

/** A successful response whose body is still on the wire. */
export interface Reply {
  /** Decoded and unpacked; invalid UTF-8 is U+FFFD. Breaks where the connection does. */
  readonly body: Intake
  /** Cut the connection unless it was given back already; resolves when its socket is closed. */
  readonly close: () => Promise<void>
  /** Read the short rest away, so that the connection can be used again; never waits for it. */
  drop(): void
}

export interface Transport {
  /**
   * Never follows a redirect, never asks for compression. Rejects after the socket is closed.
   * Other than 2xx come with the beginning of their text, 2xx with a body that `reply` has.
   */
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** The body of a 2xx response of `fetch`. Whoever asks for it closes or drops it. */
  reply(response: Response): Reply
}

/** Idle connections kept for the next request, more than a process asks for at once on average. */
const IDLE_SOCKETS = 64
/** An error's text is read for its code, which stands in the first lines. */
const ERROR_CHARS = 65_536
/** What may follow the end of an answer before cutting the connection is cheaper than reading. */
const REST_CHARS = 65_536
const REST_MS = 1000

/**
 * The headers of the SDK that go out. All others are left behind: it also sends what it finds in
 * environment variables and what it knows about this machine.
 */
const sent = ['accept', 'authorization', 'content-type', 'user-agent'] as const

/** Connections are kept alive and shared by all requests of one transport. */
export function createTransport(): Transport {
  const options = { keepAlive: true, maxFreeSockets: IDLE_SOCKETS }
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
  const replies = new WeakMap<Response, Reply>()

  function open(url: URL, init: RequestInit): ClientRequest {
    const given = new Headers(init.headers)
    const headers: Record<string, string> = { 'accept-encoding': 'identity' }
    for (const name of sent) {
      const value = given.get(name)
      if (value !== null) headers[name] = value
    }
    const method = init.method ?? 'GET'
    return url.protocol === 'https:'
      ? https(url, { method, headers, agent: agents['https:'], rejectUnauthorized: true })
      : http(url, { method, headers, agent: agents['http:'] })
  }

  async function fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    init.signal?.throwIfAborted()
    const request = open(new URL(input instanceof Request ? input.url : input), init)
    const abort = (): void => void close(request)
    init.signal?.addEventListener('abort', abort)
    try {
      const message = await exchange(request, init.body)
      return await respond(message, toReply(request, message))
    } catch (error) {
      await close(request)
      throw error
    } finally {
      init.signal?.removeEventListener('abort', abort)
    }
  }

  async function respond(message: IncomingMessage, reply: Reply): Promise<Response> {
    const status = message.statusCode ?? 0
    // The Response class takes no status below 200 or above 599; neither is one we know.
    if (status < 200 || status > 599) return new Response(await beginning(reply), { status: 502 })
    if (status < 300) {
      const response = new Response(null, { status })
      replies.set(response, reply)
      return response
    }
    const text = await beginning(reply)
    const retry = message.headers['retry-after']
    return new Response(status === 304 ? null : text, {
      status,
      headers: retry === undefined ? {} : { 'retry-after': retry },
    })
  }

  return {
    fetch,
    reply(response) {
      const reply = replies.get(response)
      if (reply === undefined) throw new TypeError('This response is not of this transport')
      return reply
    },
  }
}

/** Send the request; resolves with the head of the response. */
function exchange(request: ClientRequest, body: RequestInit['body']): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve)
    // Stays on: once there is a response, its body reports the same error to the reader.
    request.on('error', reject)
    request.once('close', () => reject(new Error('The connection was closed without a response')))
    request.end(typeof body === 'string' ? body : undefined)
  })
}

/**
 * Close the socket of a request, if it still is the socket of that request: after a response that
 * was read to its end the agent may have lent it to another one. A request closes when its socket
 * has closed or was given back.
 */
function close(request: ClientRequest): Promise<void> {
  return new Promise(resolve => {
    if (request.closed) return resolve()
    request.once('close', () => resolve())
    // The agent hands the socket over one tick after the request was made.
    if (request.socket === null) request.once('socket', socket => void socket.destroy())
    else request.socket.destroy()
  })
}

function toReply(request: ClientRequest, message: IncomingMessage): Reply {
  const stream = unpack(message).setEncoding('utf8')
  const end = (): Promise<void> => close(request)
  // Whoever reads the body meets the error; nobody reads it after `close` and `drop`.
  stream.on('error', () => undefined)
  const body = createIntake(stream)
  return {
    body,
    close: end,
    drop() {
      body.leave()
      drop(stream, end)
    },
  }
}

/** The body without gzip, which some proxies apply unasked; other codings stay the garbage they are. */
function unpack(message: IncomingMessage): Readable {
  const coding = message.headers['content-encoding']?.trim().toLowerCase()
  if (coding !== 'gzip' && coding !== 'x-gzip') return message
  return pipeline(message, createGunzip(), () => undefined)
}

function drop(body: Readable, end: () => Promise<void>): void {
  if (body.readableEnded || body.destroyed) return
  let left = REST_CHARS
  const timer = setTimeout(() => void end(), REST_MS)
  body.once('close', () => clearTimeout(timer))
  body.on('data', (text: string) => {
    left -= text.length
    if (left < 0) void end()
  })
  body.resume()
}

/** The first part of a text; the connection is free or closed afterwards. */
async function beginning(reply: Reply): Promise<string> {
  const { body } = reply
  let text = ''
  while (!body.over() && text.length <= ERROR_CHARS) {
    await new Promise<void>(resolve => body.wait(resolve))
    text += body.take()
  }
  await reply.close()
  return text.slice(0, ERROR_CHARS)
}
