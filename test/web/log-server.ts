/**
 * The smallest server that speaks the protocol on both transports: one log in an array, and a hand
 * on the wires to cut them. What the real server never does can be had from it.
 */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

export const generation = 'gen_0123456789abcdefghijkl'

/** The events of an answer of `count` pieces: `count + 2` in all. */
export function answerOf(count: number): object[] {
  const facts: object[] = [
    { type: 'started', conversation: null, model: 'demo', params: {}, at: 1 },
  ]
  for (let i = 1; i <= count; i++) facts.push({ type: 'text', text: `piece ${i}. ` })
  facts.push({ type: 'done', reason: 'complete' })
  return facts.map((fact, i) => ({ generation, seq: i + 1, ...fact }))
}

/** What one client of the server does, whatever its transport. */
interface Wire {
  send(event: object): void
  cut(): void
  /** End politely: the code is for WebSocket only. */
  close(code: number): void
  after: number
}

export interface LogServer {
  readonly url: string
  readonly log: object[]
  /** Starts by idempotency key: more than one entry is more than one answer. */
  readonly starts: Set<string>
  readonly commands: string[]
  /** Told of each of them. */
  onCommand: (command: string) => void
  /** Called for every client that attaches; without it the whole log is sent. */
  onAttach: (wire: Wire) => void
  onPing: () => void
  /** Answer the next requests or commands so instead. */
  readonly refusals: { status: number; code: string; retryAfter?: number }[]
  /** Cut so many starts after they were counted and before they are answered. */
  lostStarts: number
  /** Take everything and say nothing, on WebSocket, until another connects. */
  mute: boolean
  close(): Promise<void>
}

/** Send what comes after the wire's cursor, as one write where the transport can. */
export function pour(server: LogServer, wire: Wire): void {
  for (const event of server.log.slice(wire.after)) wire.send(event)
}

export async function openLogServer(): Promise<LogServer> {
  const http = createServer((request, response) => void answer(request, response))
  const sockets = new WebSocketServer({ server: http })
  const server: LogServer = {
    url: '',
    log: [],
    starts: new Set(),
    commands: [],
    refusals: [],
    lostStarts: 0,
    mute: false,
    onCommand: () => undefined,
    onPing: () => undefined,
    onAttach: wire => pour(server, wire),
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets.clients) socket.terminate()
        http.closeAllConnections()
        http.close(() => resolve())
      }),
  }
  sockets.on('connection', socket => {
    server.mute = false
    socket.on('message', data =>
      obey(server, socket, JSON.parse((data as Buffer).toString()) as Command),
    )
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  return Object.assign(server, { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/` })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Command
    const url = new URL(request.url ?? '', 'http://localhost')
    const refusal = server.refusals.shift()
    if (refusal) return refuse(response, refusal)
    const action = url.pathname.split('/').at(-1) ?? ''
    note(server, action)
    if (action === 'stop' || action === 'update') return void response.end('{}')
    if (action === 'sse' && lost(server, body)) return void response.destroy()
    const wire = overHttp(response, Number(url.searchParams.get('after')))
    if (wire.after > server.log.length) return refuse(response, { status: 409, code: 'conflict' })
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('retry: 1\n\n: hello\n\n')
    server.onAttach(wire)
  }
}

interface Command {
  readonly id: string
  readonly type: string
  readonly after?: number
  readonly idempotencyKey?: string
}

function note(server: LogServer, command: string): void {
  server.commands.push(command)
  server.onCommand(command)
}

/** Count a start; true if its answer shall be lost. */
function lost(server: LogServer, { idempotencyKey = 'none' }: Command): boolean {
  server.starts.add(idempotencyKey)
  return server.lostStarts-- > 0
}

function refuse(
  response: ServerResponse,
  { status, code, retryAfter }: LogServer['refusals'][number],
): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter)
  response.writeHead(status).end(JSON.stringify({ error: { code, message: code } }))
}

function overHttp(response: ServerResponse, after: number): Wire {
  return {
    after,
    send: event => {
      response.write(`id: x\ndata: ${JSON.stringify(event)}\n\n`)
      if ((event as { type: string }).type === 'done') response.end()
    },
    // What was written before is flushed: a cut is a cut after the last event.
    cut: () => void response.write('', () => response.destroy()),
    close: () => void response.end(),
  }
}

function obey(server: LogServer, socket: WebSocket, command: Command): void {
  const say = (message: object): void => socket.send(JSON.stringify(message))
  if (server.mute) return
  if (command.id === 'ping') server.onPing()
  else note(server, command.type)
  const refusal = server.refusals.shift()
  if (refusal) return say({ id: command.id, type: 'rejected', message: refusal.code, ...refusal })
  if (command.type === 'start' && lost(server, command)) return socket.terminate()
  const after = command.after ?? 0
  if (command.type === 'attach' && after > server.log.length)
    return say({ id: command.id, type: 'rejected', code: 'conflict', message: 'ahead' })
  say({ id: command.id, type: 'accepted', generation })
  if (command.type !== 'attach' && command.type !== 'start') return
  server.onAttach({
    after,
    send: say,
    cut: () => socket.send('{"type":"accepted"}', () => socket.terminate()),
    close: code => socket.close(code),
  })
}
