/**
 * The paced model server of the bench, a program of its own. Speaks the streaming dialect of OpenAI;
 * each of its chunks holds one token that says when it was written. Prints its address; tells its
 * parent of answers that were cut.
 */
import { type ServerResponse, createServer } from 'node:http'
import type { Socket } from 'node:net'
import { now, toToken } from './clock.ts'
import { type Closed, type Order, findOrder } from './order.ts'
import { announce } from './program.ts'

/** Of an answer that does not pause, tokens that leave together. */
const BURST = 16
/** Unsent bytes at which such an answer waits. */
const FULL = 65_536

const HEAD =
  'data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1,"model":"bench","service_tier":"default","system_fingerprint":"fp_bench"'
const CHOICE = `${HEAD},"choices":[{"index":0,"delta":`
const OPENING = `${CHOICE}{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\n`
const CLOSING = [
  `${CHOICE}{},"logprobs":null,"finish_reason":"stop"}]}\n\n`,
  `${HEAD},"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}\n\n`,
  'data: [DONE]\n\n',
].join('')

const token = (padding = 0): string =>
  `${CHOICE}{"content":"${toToken(now())}${' '.repeat(padding)}"},"logprobs":null,"finish_reason":null}]}\n\n`

const server = createServer({ noDelay: true }, (request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (piece: string) => (body += piece))
  request.on('end', () => {
    const order = findOrder(body)
    if (order === undefined) return response.writeHead(400).end('no order')
    const socket = begin(response)
    return order.rate === 0 ? pour(order, response, socket) : pace(order, response, socket)
  })
})
server.keepAliveTimeout = 600_000
announce(server)

function begin(response: ServerResponse): Socket {
  const { socket } = response
  if (socket === null) throw new Error('The answer has no socket.')
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  // The head leaves together with what is written in this turn.
  socket.cork()
  process.nextTick(() => socket.uncork())
  response.flushHeaders()
  write(socket, OPENING)
  return socket
}

/** One chunk of the body in one string, where `response.write` takes three: the load is shared. */
const write = (socket: Socket, text: string): boolean =>
  socket.write(`${text.length.toString(16)}\r\n${text}\r\n`, 'latin1')

function pace({ id, rate, chunks }: Order, response: ServerResponse, socket: Socket): void {
  let sent = 0
  let timer: NodeJS.Timeout
  const step = (): void => {
    write(socket, token())
    if (++sent < chunks) return
    clearInterval(timer)
    finish(response, socket)
  }
  const everyMs = 1000 / rate
  // Answers that begin together do not go on in step.
  timer = setTimeout(() => {
    timer = setInterval(step, everyMs)
    step()
  }, Math.random() * everyMs)
  watch(response, () => {
    clearInterval(timer)
    tell({ id, sent, at: now() })
  })
}

function pour({ id, chunks, padding }: Order, response: ServerResponse, socket: Socket): void {
  let sent = 0
  const fill = (): void => {
    while (sent < chunks && socket.writableLength < FULL) {
      let text = ''
      for (const end = Math.min(chunks, sent + BURST); sent < end; sent++) text += token(padding)
      write(socket, text)
    }
    if (sent < chunks) socket.once('drain', fill)
    else finish(response, socket)
  }
  fill()
  watch(response, () => {
    socket.off('drain', fill)
    tell({ id, sent, at: now() })
  })
}

function finish(response: ServerResponse, socket: Socket): void {
  write(socket, CLOSING)
  response.end()
}

/** Call when the socket closes before the answer has ended. */
function watch(response: ServerResponse, cut: () => void): void {
  response.on('close', () => {
    if (!response.writableEnded) cut()
  })
}

const tell = (closed: Closed): void => void process.send?.(closed)
