/** The steps of which the scripts of a fake upstream are made. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A request as it arrived. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The body, parsed; undefined where it is no JSON. */
  readonly json: unknown
  /** Which connection brought it, counted from 1: equal numbers are a reused socket. */
  readonly connection: number
  /** Whether its socket is closed by now. */
  readonly gone: boolean
  /** Resolves when its socket is closed, with `performance.now()` of that moment. */
  readonly closed: Promise<number>
}

/** What the steps of a script act on. */
export interface Exchange {
  readonly request: Received
  readonly response: ServerResponse
  readonly socket: Socket
}
export type Step = (exchange: Exchange) => unknown

/** Send status and headers; 200 and an event stream unless told. */
export function head(status = 200, headers: OutgoingHttpHeaders = {}): Step {
  return ({ response }) => {
    response.writeHead(status, { 'content-type': 'text/event-stream', ...headers })
    response.flushHeaders()
  }
}

/** Write bytes as they are, each piece by itself: the next waits until this one has left. */
export function write(...pieces: readonly (string | Uint8Array)[]): Step {
  return async ({ response, socket }) => {
    for (const piece of pieces) {
      if (socket.destroyed) return
      await new Promise<void>(done => response.write(piece, () => done()))
    }
  }
}

/** Write one event a value: `data: <JSON>` and a blank line, each by itself. */
export function events(...values: readonly unknown[]): Step {
  return write(...values.map(value => `data: ${JSON.stringify(value)}\n\n`))
}

/** Write one chat completion chunk a delta. */
export function chunks(...deltas: readonly object[]): Step {
  return events(...deltas.map(delta => chunk({ delta })))
}

/** Say why the model ended, and that this was all. */
export const finish = (reason = 'stop'): Step =>
  write(`data: ${JSON.stringify(chunk({ delta: {}, finish_reason: reason }))}\n\n${DONE}`)

export const DONE = 'data: [DONE]\n\n'

/** A chat completion chunk, as parsed; `choice` is laid over an empty one. */
export function chunk(choice: object): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'fake',
    choices: [{ index: 0, delta: {}, finish_reason: null, ...choice }],
  }
}

/** End the response as HTTP wants it. */
export const end: Step = ({ response }) => void response.end()

/** Cut the connection with a TCP reset. */
export const reset: Step = ({ socket }) => void socket.resetAndDestroy()

/** Close the connection without having ended the response. */
export const hangUp: Step = ({ socket }) => {
  socket.destroySoon()
}

/** Go on when that has happened. */
export const until =
  (event: Promise<unknown>): Step =>
  () =>
    event

/** Say no more, and leave the response open. */
export const never: Step = () => new Promise(() => {})

/** An ordinary streamed answer of these pieces. */
export const say = (...texts: readonly string[]): Step[] => [
  head(),
  chunks({ role: 'assistant', content: '' }, ...texts.map(content => ({ content }))),
  finish(),
  end,
]

/** An answer that says `one `, and `two` once it is let go on. */
export function inTwo(): { steps: Step[]; goOn: () => void } {
  const more = Promise.withResolvers<void>()
  const [first, second] = [chunks({ content: 'one ' }), chunks({ content: 'two' })]
  return { steps: [head(), first, until(more.promise), second, finish(), end], goOn: more.resolve }
}

/** A whole response at once: JSON where the body is an object. */
export function reply(
  status: number,
  body: string | object,
  headers: OutgoingHttpHeaders = {},
): Step {
  const json = typeof body !== 'string'
  return ({ response }) => {
    response.writeHead(status, {
      'content-type': json ? 'application/json' : 'text/html',
      ...headers,
    })
    response.end(json ? JSON.stringify(body) : body)
  }
}
