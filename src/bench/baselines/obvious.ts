/**
 * What everybody writes first, a program of its own: loop over the SDK's stream, stringify each
 * chunk, write it.
 */
import { createServer } from 'node:http'
import OpenAI from 'openai'
import { WebSocketServer } from 'ws'
import { announce, usage } from '../program.ts'

const client = new OpenAI({ baseURL: `${process.argv[2]}/v1`, apiKey: 'none', maxRetries: 0 })

async function answer(body: string, write: (json: string) => void, signal: AbortSignal) {
  const { message } = JSON.parse(body) as { message: string }
  const stream = await client.chat.completions.create(
    { model: 'bench', messages: [{ role: 'user', content: message }], stream: true },
    { signal },
  )
  for await (const chunk of stream) write(JSON.stringify(chunk))
}

const server = createServer((request, response) => {
  if (request.url === '/metrics') return response.end(usage())
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (piece: string) => (body += piece))
  return request.on('end', () => {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    answer(body, json => void response.write(`data: ${json}\n\n`), gone.signal)
      .then(() => response.end('data: [DONE]\n\n'))
      .catch(() => response.destroy())
  })
})

new WebSocketServer({ server, perMessageDeflate: false }).on('connection', socket => {
  const gone = new AbortController()
  socket.on('close', () => gone.abort())
  socket.on('message', (data: Buffer) => {
    answer(data.toString(), json => socket.send(json), gone.signal)
      .then(() => socket.send('[DONE]'))
      .catch(() => socket.terminate())
  })
})

announce(server)
