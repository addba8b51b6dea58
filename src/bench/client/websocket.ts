/** WebSocket on a bare socket, as the SSE client is: the two differ in nothing but the framing. */
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { now } from '../clock.ts'
import { type Connection, SOCKET } from './connection.ts'
import { createWalk, mask } from './frames.ts'
import { createInflation } from './inflate.ts'
import { createReading } from './reading.ts'
import { dial } from './sse.ts'
import type { Tally } from './tally.ts'

const TEXT = 0x1
const PONG = 0xa

/** With `extension` the server may compress. */
export async function openWebSocket(
  url: URL,
  extension?: 'permessage-deflate',
): Promise<Connection> {
  const socket = await dial(url)
  const reading = createReading()
  const inflation = extension === undefined ? undefined : createInflation(hear)
  let command = 0

  function hear(piece: string): void {
    const { tally } = reading
    if (tally === undefined) return
    tally.feed(piece, now())
    if (piece.startsWith('{"id"') && piece.includes('"rejected"')) reading.fail(new Error(piece))
    else if (tally.ended) reading.end()
  }

  const walk = createWalk({
    text: hear,
    compressed(piece, isLast) {
      inflation?.write(piece)
      if (isLast) inflation?.flush()
    },
    ping: payload => void socket.write(mask(PONG, payload)),
    close: reason => void socket.destroy(new Error(`The server closed the socket: ${reason}.`)),
  })

  const send = (json: object): void =>
    void socket.write(mask(TEXT, Buffer.from(JSON.stringify({ id: String(++command), ...json }))))

  function read(json: object, tally: Tally): Promise<void> {
    const done = reading.begin(tally)
    send(json)
    return done
  }

  socket.on('error', error => reading.fail(error))
  await shake(socket, url, extension)
  socket.on('data', walk)
  socket.on('close', () => {
    inflation?.close()
    reading.fail(new Error('The server closed the connection.'))
  })

  return {
    ask: (question, tally) => read({ type: 'start', ...question }, tally),
    attach: (generation, after, tally) => read({ type: 'attach', generation, after }, tally),
    stop: generation => send({ type: 'stop', generation }),
    stall: () => void socket.pause(),
    cut() {
      reading.drop()
      socket.destroy()
    },
    traffic: socket,
  }
}

/** Upgrade; resolves after the head of the answer, which comes alone: the client speaks first. */
function shake(socket: Socket, url: URL, extension: string | undefined): Promise<void> {
  const key = randomBytes(16).toString('base64')
  const offer = extension === undefined ? '' : `Sec-WebSocket-Extensions: ${extension}\r\n`
  socket.write(
    `GET ${SOCKET} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${offer}\r\n`,
  )
  return new Promise((resolve, reject) => {
    const closed = (): void => reject(new Error('The server closed the connection.'))
    socket.once('close', closed)
    socket.once('data', (bytes: Buffer) => {
      socket.off('close', closed)
      const head = bytes.toString('latin1')
      if (head.startsWith('HTTP/1.1 101')) resolve()
      else reject(new Error(`The server said ${head}`))
    })
  })
}
