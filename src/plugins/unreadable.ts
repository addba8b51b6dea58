import type { Socket } from 'node:net'
import { type Duplex, finished } from 'node:stream'
import type { FastifyInstance } from 'fastify'

interface Refusal {
  readonly status: string
  readonly message: string
}

/** What `curl 'http://…/sse?message=你好'` sends: bytes that no address may have. */
const badAddress: Refusal = {
  status: '400 Bad Request',
  message:
    'The address holds characters that must be percent-encoded. With curl: -G --data-urlencode "message=...".',
}

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_INVALID_URL: badAddress,
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    message: 'The request took too long to arrive. Send it again.',
  },
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: 'The headers, the address included, are too large. Send a long message by POST.',
  },
}
const malformed: Refusal = { status: '400 Bad Request', message: 'This is not an HTTP request.' }

/**
 * Answers, in the envelope of every other error, what cannot be read as a request at all. There is
 * no reply object then: only the socket.
 */
export function refuseUnreadable(
  this: FastifyInstance,
  error: Error & { code?: string },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  // In the middle of a response it would be read as a part of that.
  if (socket.bytesWritten > 0) return void socket.destroy()
  this.log.trace({ code: error.code }, 'unreadable request')
  refuse(socket, refusals[error.code ?? ''] ?? malformed)
}

/** The last thing that is said on a connection; `header` is a whole line. */
export function refuse(socket: Duplex, { status, message }: Refusal, header?: string): void {
  const body = JSON.stringify({ error: { code: 'invalid_request', message } })
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...(header === undefined ? [] : [header]),
    'Connection: close',
  ]
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  finished(socket, { readable: false }, () => socket.destroy())
}
