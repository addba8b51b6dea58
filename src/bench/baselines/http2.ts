/**
 * The raw pipe with HTTP/2 before it, without TLS, a program of its own: the streams of a client
 * share one connection.
 */
import { createServer } from 'node:http2'
import { announce, usage } from '../program.ts'
import { createPipe } from './pipe.ts'

const ask = createPipe(process.argv[2])

const server = createServer()
server.on('stream', (stream, headers) => {
  stream.on('error', () => undefined)
  if (headers[':path'] === '/metrics') {
    stream.respond({ ':status': 200 })
    return void stream.end(usage())
  }
  let body = ''
  stream.setEncoding('utf8')
  stream.on('data', (piece: string) => (body += piece))
  return void stream.on('end', () => {
    const cut = ask(body, answer => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
      answer.pipe(stream)
    })
    stream.on('close', cut)
  })
})

announce(server)
