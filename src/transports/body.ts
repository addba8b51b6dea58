import type { ServerResponse } from 'node:http'

/** A response body whose length nobody knows; once ended, from wherever, nothing is written. */
export interface Body {
  /** Returns the bytes that it makes, chunk framing included. */
  write(text: string): number
  /** Write the last piece; the end goes with it. */
  finish(text: string): number
}

/**
 * The head must have been given with `writeHead`; it leaves with the first piece. Where the body is
 * chunked (RFC 9112, section 7.1) each chunk is made here, in one piece, and goes to the socket
 * itself: Node's own way hands size, text and line breaks to the system as a list of four, a turn
 * later, which costs more than half of what a write costs at all.
 */
export function openBody(response: ServerResponse): Body {
  // False for a client of HTTP/1.0, whose body ends with the connection.
  const chunked = response.chunkedEncoding
  let begun = false

  function toChunk(text: string): { piece: string; bytes: number } {
    const length = Buffer.byteLength(text)
    if (!chunked) return { piece: text, bytes: length }
    const size = length.toString(16)
    return { piece: `${size}\r\n${text}\r\n`, bytes: length + size.length + 4 }
  }

  /** Let Node send a piece as it is: it adds the head to the first one. */
  function send(piece: string, by: 'write' | 'end'): void {
    begun = true
    response.chunkedEncoding = false
    response[by](piece)
    // Whoever ends the response otherwise has Node write the last chunk.
    response.chunkedEncoding = chunked
  }

  return {
    write(text) {
      // An empty chunk would be the last one.
      if (response.writableEnded || text === '') return 0
      const { socket } = response
      const { piece, bytes } = toChunk(text)
      // Without a socket it waits behind the response to an earlier request on its connection.
      if (!begun || socket === null) send(piece, 'write')
      // A response tells of `drain` only if it was its own write that found the socket full.
      else if (!socket.write(piece)) send('', 'write')
      return bytes
    },
    finish(text) {
      if (response.writableEnded) return 0
      const { piece, bytes } = toChunk(text)
      const end = chunked ? LAST_CHUNK : ''
      send(piece + end, 'end')
      return bytes + end.length
    },
  }
}

const LAST_CHUNK = '0\r\n\r\n'
