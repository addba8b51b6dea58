/** SSE on a bare socket: the measuring client must cost less than what it measures. */
import { type Socket, connect } from 'node:net'
import { now } from '../clock.ts'
import { createChunks } from './chunked.ts'
import { type Connection, SSE, attachPath, stopPath } from './connection.ts'
import { createReading } from './reading.ts'
import type { Tally } from './tally.ts'

export async function openSse(url: URL): Promise<Connection> {
  const socket = await dial(url)
  const reading = createReading()
  let response: (text: string) => void = () => undefined

  socket.on('data', (bytes: Buffer) => {
    try {
      response(bytes.toString('latin1'))
    } catch (error) {
      reading.fail(error as Error)
      socket.destroy()
    }
  })
  socket.on('error', error => reading.fail(error))
  socket.on('close', () => reading.fail(new Error('The server closed the connection.')))

  function request(text: string, tally: Tally): Promise<void> {
    response = createResponse({ text: piece => tally.feed(piece, now()), end: reading.end })
    const done = reading.begin(tally)
    socket.write(text)
    return done
  }

  const { host } = url
  return {
    ask: (question, tally) => request(post(SSE, host, JSON.stringify(question)), tally),
    attach: (generation, after, tally) =>
      request(
        `GET ${attachPath(generation)}?after=${after} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
        tally,
      ),
    stop(generation) {
      const other = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
      other.on('error', () => undefined)
      // Answered: one request, one connection.
      other.on('data', () => other.destroy())
      other.write(post(stopPath(generation), host, '{}'))
    },
    stall: () => void socket.pause(),
    cut() {
      reading.drop()
      socket.destroy()
    },
    traffic: socket,
  }
}

/** Takes the head off; throws where the server says anything but 200 and a chunked body. */
function createResponse(body: Parameters<typeof createChunks>[0]): (text: string) => void {
  const chunks = createChunks(body)
  let head: string | undefined = ''
  return text => {
    if (head === undefined) return chunks(text)
    head += text
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    if (!/^HTTP\/1\.1 200[^]*\btransfer-encoding: chunked/i.test(head)) {
      throw new Error(refusalIn(head))
    }
    const rest = head.slice(end + 4)
    head = undefined
    if (rest !== '') chunks(rest)
  }
}

/** The status, and the sentence of this server where there is one. */
function refusalIn(response: string): string {
  const [status = ''] = response.split('\r\n', 1)
  const message = /"message":"([^"]+)"/.exec(response)?.[1]
  return `The server said ${[status, message].filter(part => part !== undefined).join(': ')}`
}

const post = (path: string, host: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

/** Resolves when the socket is connected. */
export function dial(url: URL): Promise<Socket> {
  const port = Number(url.port === '' ? 80 : url.port)
  const socket = connect({ host: url.hostname, port, noDelay: true })
  return new Promise((resolve, reject) => {
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}
