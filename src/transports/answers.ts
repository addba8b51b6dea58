/** The three forms in which an HTTP client can have an answer: events, bare text, the whole. */
import type { FastifyReply } from 'fastify'
import type { Attachment } from '../core/chat.ts'
import { ChatError } from '../core/errors.ts'
import type { Ending, Failed, Line } from '../core/event.ts'
import { type Body, openBody } from './body.ts'
import { type Outlet, deliver } from './deliver.ts'
import type { Lifetime } from './lifetime.ts'
import type { Parts } from './parts.ts'
import { plain } from './plain.ts'
import { refusal } from './status.ts'

/** An attached client of HTTP. */
export interface Client {
  readonly reply: FastifyReply
  readonly life: Lifetime
  readonly attachment: Attachment
  /** The cursor it came with. */
  readonly after: number
}

/** The base of the `retry:` hint, and the jitter on it, in ms: drops that happen together are not
 * followed by reconnects that happen together. */
const RETRY_MS = 500
const RETRY_JITTER_MS = 1500

/** Stream the events of a log as `text/event-stream`, until the terminal one. */
export async function sendEvents(client: Client, parts: Parts): Promise<void> {
  const { reply, attachment } = client
  if (attachment.ended) return void reply.code(204).send()
  const { raw } = reply
  begin(reply, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  const body = openBody(raw)
  body.write(`retry: ${RETRY_MS + Math.floor(Math.random() * RETRY_JITTER_MS)}\n\n`)
  const outlet: Outlet = {
    sink: raw,
    write(lines) {
      const text = toEventStream(attachment.generation, lines)
      const bytes = lines.at(-1)?.last === true ? body.finish(text) : body.write(text)
      parts.traffic.sent('sse', lines.length, bytes)
    },
  }
  // Quiet or not, a comment goes out: proxies and clients measure silence, not meaning.
  const beat = setInterval(() => {
    if (raw.writableLength < parts.patience.bufferBytes) body.write(':\n\n')
  }, parts.heartbeatMs)
  parts.traffic.attached('sse', client.after)
  try {
    await pour(client, outlet, parts)
  } finally {
    clearInterval(beat)
    parts.traffic.left('sse')
  }
}

/** A batch as `text/event-stream`: of what a line holds, nothing is a line break. */
export function toEventStream(generation: string, lines: readonly Line[]): string {
  let text = ''
  for (const { seq, json } of lines) text += `id: ${generation}:${seq}\ndata: ${json}\n\n`
  return text
}

/**
 * Stream the bare text. The headers wait for the first piece of it, so that an answer that fails
 * before its first word is an HTTP error; one that fails later is cut, never ended as if complete.
 */
export async function sendText(client: Client, parts: Parts): Promise<void> {
  const { reply, attachment } = client
  if (attachment.ended) return void reply.code(204).send()
  const { raw } = reply
  let body: Body | undefined
  const open = (): Body => {
    if (body !== undefined) return body
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
    begin(reply, { ...headers, 'x-generation': attachment.generation, 'x-accel-buffering': 'no' })
    return (body = openBody(raw))
  }
  let end: Ending | undefined
  const outlet: Outlet = {
    sink: raw,
    write(lines) {
      const said = plain(lines)
      end = said.end
      if (said.text !== '') open().write(said.text)
    },
  }
  await pour(client, outlet, parts, () => {
    if (end?.type !== 'failed') {
      open()
      raw.end()
    } else if (raw.headersSent) raw.destroy()
    else void refuse(reply, end, attachment.generation)
  })
}

/** Wait for the end and send the whole answer, or the error that it failed with. */
export async function sendWhole({ reply, attachment }: Client, parts: Parts): Promise<void> {
  for await (const lines of attachment.lines) if (lines.at(-1)?.last === true) break
  const generation = await parts.chat(reply.request).generation(attachment.generation)
  if (generation.end?.type === 'failed') return refuse(reply, generation.end, generation.id)
  await reply.send(generation)
}

/** From here on the response is ours: Fastify's headers so far, and our own. */
function begin(reply: FastifyReply, headers: Record<string, string>): void {
  reply.hijack()
  reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...headers })
}

async function pour(
  { reply, life, attachment }: Client,
  outlet: Outlet,
  parts: Parts,
  done: () => void = () => void (reply.raw.writableEnded || reply.raw.end()),
): Promise<void> {
  const { signal } = life
  try {
    const delivery = await deliver(attachment.lines, outlet, { ...parts.patience, signal })
    if (delivery === 'done') done()
    // What is in its buffer would keep a client that does not read for ever.
    if (delivery === 'slow') reply.raw.destroy()
    // It left before its headers were sent: there is nobody to answer.
    if (delivery === 'gone' && !reply.sent) reply.hijack()
  } catch (error) {
    if (!reply.raw.headersSent) throw error
    // The log is gone or cannot be read: the client sees a cut, comes back and is told why.
    reply.log.warn({ err: error, generation: attachment.generation }, 'delivery failed')
    reply.raw.destroy()
  }
}

async function refuse(reply: FastifyReply, end: Failed, generation: string): Promise<void> {
  const { code, message, retryAfter } = end
  const error = new ChatError(code, message, retryAfter === undefined ? {} : { retryAfter })
  const { status, headers, body } = refusal(error, generation)
  await reply.code(status).headers(headers).send(body)
}
