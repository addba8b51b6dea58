/** WebSocket on a bare socket, as the SSE client is: the two differ in nothing but the framing. */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { now } from '../clock.ts'
import { type Connection, SOCKET, type Target } from './connection.ts'
import { opened } from './sse.ts'
import type { Tally } from './tally.ts'
import { createWalk, mask } from './frames.ts'

interface Reading {
  readonly tally: Tally
  readonly done: PromiseWithResolvers<void>
}

/** `extensions` are offered in the handshake. */
export async function openWebSocket(target: Target): Promise<Connection> {
  const { url, model } = target
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
  let reading: Reading | undefined
  let broken: Error | undefined
  let command = 0

  const walk = createWalk({
    text(piece) {
      if (reading === undefined) return
      reading.tally.feed(piece, now())
      if (piece.startsWith('{"id"') && piece.includes('"rejected"')) end(new Error(piece))
      else if (reading.tally.ended) end()
    },
    ping: payload => void socket.write(mask(0xa, payload)),
    close: reason => void socket.destroy(new Error(`The server closed the socket: ${reason}`)),
  })

  function end(error?: Error): void {
    const ended = reading
    reading = undefined
    if (error === undefined) ended?.done.resolve()
    else ended?.done.reject(error)
  }

  function read(json: object, tally: Tally): Promise<void> {
    const done = Promise.withResolvers<void>()
    reading = { tally, done }
    if (broken === undefined) send(json)
    else end(broken)
    return done.promise
  }

  const send = (json: object): void =>
    void socket.write(mask(0x1, Buffer.from(JSON.stringify({ id: String(++command), ...json }))))

  await opened(socket)
  await shake(socket, url)
  socket.on('data', (bytes: Buffer) => walk(bytes))
  socket.on('error', error => (broken = error))
  socket.on('close', () => {
    broken ??= new Error('The server closed the connection.')
    end(broken)
  })

  return {
    socket,
    ask(message, tally) {
      return read({ type: 'start', message, ...(model !== undefined && { model }) }, tally)
    },
    attach: (generation, after, tally) => read({ type: 'attach', generation, after }, tally),
    stop: generation => send({ type: 'stop', generation }),
    cut() {
      reading = undefined
      socket.destroy()
    },
  }
}

/** Upgrade; resolves after the head of the answer, which comes alone: the client speaks first. */
function shake(socket: ReturnType<typeof connect>, url: URL): Promise<void> {
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET ${SOCKET} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
  return new Promise((resolve, reject) => {
    socket.once('data', (bytes: Buffer) => {
      const head = bytes.toString('latin1')
      if (head.startsWith('HTTP/1.1 101')) resolve()
      else reject(new Error(`The server said ${head}`))
    })
    socket.once('close', () => reject(new Error('The server closed the connection.')))
  })
}
