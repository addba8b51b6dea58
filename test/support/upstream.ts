/**
 * A fake of an OpenAI-compatible server, on a port of its own. Each request plays the next script;
 * a script is a list of
 * steps (script.ts), and a step waits for promises, never for time:
 *
 *     const upstream = await startUpstream(t)
 *     const more = Promise.withResolvers<void>()
 *     upstream.play(head(), chunks({ content: 'Hello' }), until(more.promise), finish(), end)
 *     upstream.play(reply(503, 'down'))
 *
 * Without a script a request is answered `say('Hello ', 'world')`.
 */
import { once } from 'node:events'
import { type IncomingMessage, type RequestListener, createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { type Exchange, type Received, type Step, say } from './script.ts'

/** Any test runner that can run something after the test. */
export interface Teardown {
  teardown(end: () => unknown): unknown
}

export interface Upstream {
  /** For a provider: ends in `/v1`. */
  readonly baseURL: string
  readonly origin: string
  /** All requests so far, oldest first. */
  readonly requests: readonly Received[]
  /** Sockets that are open now, idle ones included. */
  readonly sockets: number
  /** Sockets that were ever opened. */
  readonly connections: number
  /** The script of the next request that has none yet. */
  play(...steps: Step[]): void
  /** The script of every request that has none of its own. */
  always(...steps: Step[]): void
  /** Resolves when that many requests have arrived, with the last of them. */
  arrived(count?: number): Promise<Received>
  /** Resolves when that many sockets have been opened. */
  connected(count?: number): Promise<void>
  /** Resolves when no more sockets than that are open. */
  drained(sockets?: number): Promise<void>
}

/** One connection of a client. */
interface Link {
  readonly number: number
  gone: boolean
  readonly closed: Promise<number>
}

interface TlsOptions {
  readonly key: string
  readonly cert: string
}

/** Starts it on 127.0.0.1; with `tls` it speaks HTTPS. It ends, sockets included, with the test. */
export async function startUpstream(t: Teardown, tls?: TlsOptions): Promise<Upstream> {
  const requests: Received[] = []
  const scripts: Step[][] = []
  const sockets = new Set<Socket>()
  const links = new WeakMap<Socket, Link>()
  let fallback: Step[] = say('Hello ', 'world')
  let connections = 0
  let changed = Promise.withResolvers<void>()

  function change(): void {
    changed.resolve()
    changed = Promise.withResolvers<void>()
  }
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await changed.promise
  }
  const listener: RequestListener = (message, response) => {
    const link = links.get(message.socket)
    if (link === undefined) throw new Error('A request came on a socket that was never opened')
    void receive(message, link).then(request => {
      const steps = scripts.shift() ?? fallback
      requests.push(request)
      change()
      return perform(steps, { request, response, socket: message.socket })
    }, ignoreCut)
  }
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
  // A TLS socket is announced once it is ready to speak, so a failed handshake does not count.
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    const closed = Promise.withResolvers<number>()
    const link = { number: ++connections, gone: false, closed: closed.promise }
    links.set(socket, link)
    sockets.add(socket.setNoDelay(true))
    socket.once('close', () => {
      sockets.delete(socket)
      link.gone = true
      closed.resolve(performance.now())
      change()
    })
    change()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  const { port } = server.address() as AddressInfo
  const origin = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  return {
    origin,
    baseURL: `${origin}/v1`,
    requests,
    get sockets() {
      return sockets.size
    },
    get connections() {
      return connections
    },
    play: (...steps) => void scripts.push(steps),
    always: (...steps) => void (fallback = steps),
    async arrived(count = 1) {
      await until(() => requests.length >= count)
      return requests[count - 1] as Received
    },
    connected: (count = 1) => until(() => connections >= count),
    drained: (most = 0) => until(() => sockets.size <= most),
  }
}

/** A client may leave while it is still sending, or while a step writes to it: that is its right. */
function ignoreCut(error: NodeJS.ErrnoException): void {
  if (error.code === undefined) throw error
}

async function receive(message: IncomingMessage, link: Link): Promise<Received> {
  let body = ''
  for await (const piece of message.setEncoding('utf8')) body += String(piece)
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    headers: message.headers,
    body,
    json: /^\s*[[{]/.test(body) ? JSON.parse(body) : undefined,
    connection: link.number,
    get gone() {
      return link.gone
    },
    closed: link.closed,
  }
}

async function perform(steps: readonly Step[], exchange: Exchange): Promise<void> {
  for (const step of steps) await step(exchange)
}
