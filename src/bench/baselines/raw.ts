/**
 * The limit of Node, a program of its own: whatever is asked goes to the upstream as it is, and
 * whatever that answers comes back as it is, over HTTP as over WebSocket. Nothing is parsed,
 * numbered or kept.
 */
import { Agent, type IncomingMessage, createServer, request } from 'node:http'
import { WebSocketServer } from 'ws'
import { announce, usage } from '../program.ts'

const upstream = new URL('/v1/chat/completions', process.argv[2])
const agent = new Agent({ keepAlive: true, maxFreeSockets: 1024 })

/** Ask; the returned function cuts. */
function ask(body: string, answered: (response: IncomingMessage) => void): () => void {
  const asked = request(upstream, { method: 'POST', agent }, answered)
  asked.on('error', () => undefined)
  asked.end(body)
  return () => void asked.destroy()
}

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
    response.on('close', () => response.writableEnded || cut())
  })
})

new WebSocketServer({ server, perMessageDeflate: false }).on('connection', socket => {
  const cuts = new Set<() => void>()
  socket.on('message', data => {
    const cut = ask(String(data), answer => {
      answer.on('data', (bytes: Buffer) => socket.send(bytes, { binary: false }))
      answer.on('close', () => cuts.delete(cut))
    })
    cuts.add(cut)
  })
  socket.on('close', () => cuts.forEach(cut => cut()))
})

announce(server)
