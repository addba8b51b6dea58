/** SSE on a bare socket: the measuring client must cost less than what it measures. */
import { connect } from 'node:net'
import { now } from '../clock.ts'
import { type Connection, SSE, type Target, attachPath, stopPath } from './connection.ts'
import type { Tally } from './tally.ts'

/** The end of a chunked body. JSON has no line break in it. */
const END = '0\r\n\r\n'

/** One response that is being read. */
interface Reading {
  readonly tally: Tally
  readonly done: PromiseWithResolvers<void>
  /** The head, until it is whole. */
  head: string | undefined
  /** The last characters, in which the end of the body is looked for. */
  tail: string
}

export async function openSse(target: Target): Promise<Connection> {
  const { url, model } = target
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
  let reading: Reading | undefined
  let broken: Error | undefined

  function read(text: string): void {
    if (reading === undefined) return
    const body = reading.head === undefined ? text : behead(reading, text)
    reading.tally.feed(body, now())
    reading.tail = (reading.tail + body).slice(-END.length)
    if (reading.tail === END) end()
  }

  function end(error?: Error): void {
    const ended = reading
    reading = undefined
    if (error === undefined) ended?.done.resolve()
    else ended?.done.reject(error)
  }

  function request(text: string, tally: Tally): Promise<void> {
    const done = Promise.withResolvers<void>()
    reading = { tally, done, head: '', tail: '' }
    if (broken === undefined) socket.write(text)
    else end(broken)
    return done.promise
  }

  socket.on('data', (bytes: Buffer) => {
    try {
      read(bytes.toString('latin1'))
    } catch (error) {
      end(error as Error)
      socket.destroy()
    }
  })
  socket.on('error', error => (broken = error))
  socket.on('close', () => {
    broken ??= new Error('The server closed the connection.')
    end(broken)
  })
  await opened(socket)

  const host = url.host
  return {
    socket,
    ask: (question, tally) => request(post(SSE, host, toBody(question, model)), tally),
    attach: (generation, after, tally) =>
      request(
        `GET ${attachPath(generation)}?after=${after} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
        tally,
      ),
    stop(generation) {
      const other = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
      other.on('error', () => undefined)
      other.on('data', () => other.destroy())
      other.write(post(stopPath(generation), host, '{}'))
    },
    cut() {
      reading = undefined
      socket.destroy()
    },
  }
}

/** Take the head off; throws where the server says anything but 200. */
function behead(reading: Reading, text: string): string {
  const all = `${reading.head}${text}`
  const end = all.indexOf('\r\n\r\n')
  reading.head = end === -1 ? all : undefined
  if (end !== -1 && !all.startsWith('HTTP/1.1 200')) throw new Error(`The server said ${all}`)
  return end === -1 ? '' : all.slice(end + 4)
}

export const toBody = (message: string, model: string | undefined): string =>
  JSON.stringify(model === undefined ? { message } : { message, model })

const post = (path: string, host: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** Resolves when a socket is connected. */
export function opened(socket: ReturnType<typeof connect>): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
}
