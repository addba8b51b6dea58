/** A WebSocket client on a bare TCP socket, for what no library would send. */
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { type Frame, readFrame } from './frames.ts'
import type { Teardown } from './upstream.ts'

/** Of RFC 6455, section 1.3. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const PATH = '/api/ai/chat/websocket'

export interface RawOptions {
  /** Sent in the same segment as the handshake. */
  readonly behind?: Uint8Array
  readonly headers?: readonly string[]
  readonly path?: string
}

export interface Raw {
  readonly socket: Socket
  /** The head of the server's response. */
  readonly head: string
  /** Each piece in a write of its own. */
  send(...pieces: readonly Uint8Array[]): Promise<void>
  /** The next frame; undefined once the server has closed its side. */
  next(): Promise<Frame | undefined>
}

/** The lines of a handshake that is as it must be. */
export const handshake = (host: string, path = PATH): string[] => [
  `GET ${path} HTTP/1.1`,
  `Host: ${host}`,
  'Connection: Upgrade',
  'Upgrade: websocket',
  `Sec-WebSocket-Key: ${KEY}`,
  'Sec-WebSocket-Version: 13',
]

export const lines = (...all: readonly string[]): string => `${all.join('\r\n')}\r\n\r\n`

/** A TCP connection to the server, destroyed with the test. */
export async function dial(t: Teardown, url: string): Promise<Socket> {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1').setNoDelay(true)
  // What is sent behind the server's close may be answered with a reset.
  socket.on('error', () => undefined)
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Opens a WebSocket; throws where the server does not take the handshake. */
export async function openRaw(t: Teardown, url: string, options: RawOptions = {}): Promise<Raw> {
  const { behind = new Uint8Array(), headers = [], path } = options
  const socket = await dial(t, url)
  const asked = lines(...handshake(new URL(url).host, path), ...headers)
  socket.write(Buffer.concat([Buffer.from(asked), behind]))
  const bytes = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let unread: Buffer = Buffer.alloc(0)

  /** False once there is nothing more to come. */
  async function more(): Promise<boolean> {
    const next = await bytes.next().catch(() => ({ done: true as const }))
    if (next.done === true) return false
    unread = Buffer.concat([unread, next.value])
    return true
  }
  let end = -1
  while ((end = unread.indexOf('\r\n\r\n')) < 0) {
    if (!(await more())) throw new Error('the server closed without an answer')
  }
  const head = unread.subarray(0, end).toString('latin1')
  unread = unread.subarray(end + 4)
  if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(head)
  return {
    socket,
    head,
    async send(...pieces) {
      for (const piece of pieces) {
        await new Promise<void>(sent => socket.write(piece, () => sent()))
      }
    },
    async next() {
      for (;;) {
        const read = readFrame(unread)
        if (read !== undefined) {
          unread = read.rest
          return read.frame
        }
        if (!(await more())) return undefined
      }
    },
  }
}
