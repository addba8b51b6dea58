/** Clients of one server, told apart by their keys or, behind a proxy that is trusted, addresses. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import WebSocket from 'ws'
import type { Teardown } from './upstream.ts'

type Headers = Readonly<Record<string, string>>

/** What a request or a command was answered with. */
export interface Told {
  readonly status: number
  readonly code: string | undefined
  readonly retryAfter: string | number | null | undefined
  readonly id: string
}

export interface Caller {
  /** `METHOD path`, under `/api/ai/chat/`; the answer is read to its end. */
  ask(line: string, body?: object): Promise<Told>
  /** A stream that is left open. */
  stream(body: object): Promise<Response>
  /** A socket, or the status that its handshake was refused with. */
  dial(): Promise<WebSocket | Told>
}

/** For the setting TRUST_PROXY: the tests come from there, and say where they come from. */
export const proxied = { TRUST_PROXY: '127.0.0.1' }
export const from = (address: string): Headers => ({ 'x-forwarded-for': address })
export const by = (key: string): Headers => ({ authorization: `Bearer ${key}` })

export function caller(t: Teardown, url: string, headers: Headers): Caller {
  const api = `${url}/api/ai/chat/`
  const gone = new AbortController()
  t.teardown(() => gone.abort())
  const json = { ...headers, 'content-type': 'application/json' }
  const post = (path: string, body: object): Promise<Response> =>
    fetch(api + path, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(body),
      signal: gone.signal,
    })
  return {
    async ask(line, body) {
      const [method = '', path = ''] = line.split(' ')
      const init = { method, headers: body === undefined ? headers : json }
      const text = body === undefined ? null : JSON.stringify(body)
      const response = await fetch(api + path, { ...init, body: text })
      return read(response.status, response.headers.get('retry-after'), await response.text())
    },
    stream: body => post('sse', body),
    async dial() {
      const socket = new WebSocket(`${api.replace('http', 'ws')}websocket`, { headers })
      t.teardown(() => socket.terminate())
      socket.on('error', () => undefined)
      const refused = once(socket, 'unexpected-response').then(async ([, answer]) => {
        const { statusCode = 0, headers } = answer as IncomingMessage
        let text = ''
        for await (const piece of answer as IncomingMessage) text += String(piece)
        return read(statusCode, headers['retry-after'], text)
      })
      return Promise.race([refused, once(socket, 'open').then(() => socket)])
    },
  }
}

function read(status: number, retryAfter: string | null | undefined, text: string): Told {
  const said = (text.startsWith('{') ? JSON.parse(text) : {}) as {
    id?: string
    error?: { code: string }
  }
  return { status, retryAfter, code: said.error?.code, id: said.id ?? '' }
}

/** One command of a socket, and what it was replied. */
export async function command(socket: WebSocket | Told, body: object): Promise<Told> {
  if (!(socket instanceof WebSocket)) throw new Error(`the handshake was refused: ${socket.status}`)
  const id = `${Math.random()}`
  const reply = Promise.withResolvers<Told>()
  const hear = (data: unknown): void => {
    const said = JSON.parse(String(data)) as Record<string, unknown>
    if (said['id'] !== id) return
    socket.off('message', hear)
    const { type, code, retryAfter, generation } = said
    reply.resolve({
      status: type === 'accepted' ? 200 : 0,
      code: code as string | undefined,
      retryAfter: retryAfter as number | undefined,
      id: String(generation),
    })
  }
  socket.on('message', hear)
  socket.send(JSON.stringify({ id, ...body }))
  return reply.promise
}
