/**
 * A plain pipe on `node:http` and `ws`, a program of its own: whatever is asked goes to the upstream as it is, and
 * whatever that answers comes back as it is, over HTTP as over WebSocket. Nothing is parsed,
 * numbered or kept. With `deflate` as its second argument the WebSocket compresses every frame.
 */
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { announce, usage } from '../program.ts'
import { createPipe } from './pipe.ts'

const ask = createPipe(process.argv[2])
const perMessageDeflate = process.argv[3] === 'deflate' ? { threshold: 0 } : false

const server = createServer((incoming, response) => {
  if (incoming.url === '/metrics') return response.end(usage())
  let body = ''
  incoming.setEncoding('utf8')
  incoming.on('data', (piece: string) => (body += piece))
  return incoming.on('end', () => {
    const cut = ask(body, answer => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      answer.pipe(response)
    })
    response.on('close', cut)
  })
})

new WebSocketServer({ server, perMessageDeflate }).on('connection', socket => {
  const cuts = new Set<() => void>()
  socket.on('message', (data: Buffer) => {
    const cut = ask(data.toString(), answer => {
      answer.on('data', (bytes: Buffer) => socket.send(bytes, { binary: false }))
      answer.on('close', () => cuts.delete(cut))
    })
    cuts.add(cut)
  })
  socket.on('close', () => cuts.forEach(cut => cut()))
})

announce(server)
