/** Valid conversations with the server, which are then spoiled. */
import { frame, opcodes } from '../support/frames.ts'
import { handshake, lines } from '../support/raw-websocket.ts'
import { type Random, below, mutate, pick } from './mutate.ts'

const API = '/api/ai/chat'

/** What is in all that is asked, and must be in no line of a log. */
export const MARK = 'mark-of-the-fuzzer'

/** Ids that the server has given, newest last. */
export interface Known {
  readonly generations: readonly string[]
  readonly conversations: readonly string[]
}

const settings = { temperature: 0.5, stop: ['x'], system: MARK }
const starts: readonly object[] = [
  { message: MARK, model: 'demo' },
  { message: `${MARK} count to 30`, params: settings, onDisconnect: 'stop' },
  {
    messages: [
      { role: 'system', content: 'x' },
      { role: 'user', content: MARK },
    ],
  },
  { message: `写一篇长文 ${MARK}`, modelType: 'demo' },
]

interface Request {
  readonly method: string
  readonly path: string
  readonly body?: object
  readonly headers?: readonly string[]
}

function requests(random: Random, { generations, conversations }: Known): Request[] {
  const generation = `${API}/generations/${pick(random, generations)}`
  const id = pick(random, conversations)
  const cursor = `Last-Event-ID: ${pick(random, generations)}:${below(random, 9)}`
  const start = { ...pick(random, starts), ...(random() < 0.3 && { conversation: id }) }
  const post = { method: 'POST', body: start }
  const get = { method: 'GET' }
  const place = `${API}/conversations/${id}`
  return [
    { ...post, path: `${API}/sse` },
    { ...post, path: `${API}/sse`, headers: ['Accept: text/plain'] },
    { ...post, path: `${API}/sse`, headers: ['Accept: application/json;q=0.9, */*;q=0.1'] },
    { ...post, path: `${API}/sse`, headers: [cursor] },
    { ...post, path: `${API}/generations`, headers: [`Idempotency-Key: k${below(random, 5)}`] },
    { ...get, path: `${API}/sse?message=${MARK}&temperature=0.5&max_tokens=20` },
    { ...get, path: `${API}/sse`, headers: [cursor] },
    { ...get, path: generation },
    { ...get, path: `${generation}/events?after=${below(random, 9)}` },
    { ...get, path: `${generation}/events`, headers: [cursor] },
    { method: 'POST', path: `${generation}/stop`, body: {} },
    { method: 'POST', path: `${generation}/update`, body: { params: settings, mode: 'restart' } },
    { ...get, path: `${API}/conversations?limit=5` },
    { ...get, path: place },
    { method: 'PATCH', path: place, body: { title: MARK } },
    ...['/api/ai/models', '/openapi.yaml', '/metrics', '/', '/nothing'].map(path => ({
      ...get,
      path,
    })),
  ]
}

/** A request as bytes; its body in chunks now and then. */
function write(
  random: Random,
  host: string,
  { method, path, body, headers = [] }: Request,
): Buffer {
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...headers]
  if (body === undefined) return Buffer.from(lines(...head))
  const json = mutateText(random, JSON.stringify(body))
  const typed = [...head, 'Content-Type: application/json']
  if (random() < 0.3) {
    const chunk = `${json.length.toString(16)}\r\n`
    const begin = lines(...typed, 'Transfer-Encoding: chunked') + chunk
    return Buffer.concat([Buffer.from(begin), json, Buffer.from('\r\n0\r\n\r\n')])
  }
  return Buffer.concat([Buffer.from(lines(...typed, `Content-Length: ${json.length}`)), json])
}

/** One in five is spoiled before it is framed, so that the framing is right around it. */
function mutateText(random: Random, text: string): Buffer {
  const data = Buffer.from(text)
  return random() < 0.2 ? mutate(data, random, data) : data
}

function commands(random: Random, { generations }: Known): object[] {
  const generation = pick(random, generations)
  const after = below(random, 9)
  return [
    { id: '1', type: 'start', ...pick(random, starts) },
    { id: '2', type: 'attach', generation, after },
    { id: '3', type: 'detach', generation },
    { id: '4', type: 'stop', generation },
    { id: '5', type: 'update', generation, params: settings, mode: 'continue' },
  ]
}

const { text, more, binary, ping, pong, close } = opcodes

/** A frame that is mostly right: now and then one part of its head is not. */
function frames(random: Random, known: Known): Buffer {
  const said = JSON.stringify(pick(random, commands(random, known)))
  const payload = mutateText(random, random() < 0.1 ? MARK : said)
  const rare = <T>(value: T): T | undefined => (random() < 0.04 ? value : undefined)
  const odd = {
    fin: rare(0 as const),
    rsv: rare(below(random, 8)),
    mask: rare(random() < 0.5 ? ('none' as const) : 0),
    length: rare(pick(random, [0, 125, 126, 127, 65_536, 2 ** 31, 2 ** 53])),
  }
  const options = Object.fromEntries(Object.entries(odd).filter(([, value]) => value !== undefined))
  const control = pick(random, [ping, pong, close])
  const data = rare(below(random, 16)) ?? pick(random, [text, text, text, text, more, binary])
  if (random() < 0.2) return frame(control, payload.subarray(0, 130), options)
  if (random() < 0.1) {
    const at = below(random, payload.length + 1)
    const first = frame(text, payload.subarray(0, at), { fin: 0 })
    return Buffer.concat([first, frame(ping, 'x'), frame(more, payload.subarray(at))])
  }
  return frame(random() < 0.7 ? text : data, payload, options)
}

/** The bytes of one connection. */
export function talk(random: Random, host: string, known: Known): Buffer {
  const count = 1 + below(random, 5)
  const repeat = (make: () => Buffer): Buffer[] => Array.from({ length: count }, make)
  const http = (): Buffer => write(random, host, pick(random, requests(random, known)))
  if (random() < 0.5) return mutate(Buffer.concat(repeat(http)), random, http())
  const path = pick(random, ['websocket', 'websocket', 'websocket?format=text', 'sse'])
  const asked = Buffer.from(lines(...handshake(host, `${API}/${path}`)))
  const said = Buffer.concat(repeat(() => frames(random, known)))
  // A handshake that is spoiled is mostly refused: then no frame is looked at.
  const head = random() < 0.2 ? mutate(asked, random, said) : asked
  // What comes before it on the same connection may not be answered yet.
  const before = random() < 0.1 ? http() : Buffer.alloc(0)
  return Buffer.concat([before, head, random() < 0.3 ? mutate(said, random, asked) : said])
}
