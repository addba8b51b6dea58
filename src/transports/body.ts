import type { ServerResponse } from 'node:http'

/** Writes pieces of a response body whose length nobody knows; nothing once it has been ended. */
export type WriteBody = (text: string) => void

/**
 * The head must have been given with `writeHead`; it leaves with the first piece. Where the body is
 * chunked (RFC 9112, section 7.1) each chunk is made here, in one piece, and goes to the socket
 * itself: Node's own way hands size, text and line breaks to the system as a list of four, a turn
 * later, which costs more than half of what a write costs at all.
 */
export function openBody(response: ServerResponse): WriteBody {
  // False for a client of HTTP/1.0, whose body ends with the connection.
  const chunked = response.chunkedEncoding
  let begun = false

  return text => {
    if (response.writableEnded) return
    const { socket } = response
    const piece = chunked ? `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n` : text
    // Without a socket it waits behind the response to an earlier request on its connection.
    if (begun && socket !== null) return void socket.write(piece)
    begun = true
    response.chunkedEncoding = false
    response.write(piece)
    response.chunkedEncoding = chunked
  }
}
