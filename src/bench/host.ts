/** One server of a run: how to reach it, by whichever transport, and how to ask it. */
import type { Connection, Question } from './client/connection.ts'
import { GENERATIONS, stopPath } from './client/connection.ts'
import { getOver, openStreams } from './client/http2.ts'
import { openSse } from './client/sse.ts'
import { openWebSocket } from './client/websocket.ts'
import { type Usage, usageOf } from './processes.ts'
import type { Server, Transport } from './run.ts'

export interface Host {
  readonly server: Server
  readonly url: URL
  /** Undefined for the server's default. */
  readonly model: string | undefined
}

/** Connections that are opened at once: a listening socket takes 511 that nobody has accepted. */
const TOGETHER = 200

/** As many connections of a transport. */
export async function open(host: Host, transport: Transport, count: number): Promise<Connection[]> {
  if (host.server === 'http2') return openStreams(host.url, count)
  const all: Connection[] = []
  while (all.length < count) {
    const some = Array.from({ length: Math.min(TOGETHER, count - all.length) }, () =>
      openOne(host, transport),
    )
    all.push(...(await Promise.all(some)))
  }
  return all
}

export function openOne({ server, url }: Host, transport: Transport): Promise<Connection> {
  if (transport === 'sse') return openSse(url)
  return openWebSocket(url, server === 'deflate' ? 'permessage-deflate' : undefined)
}

/** What the server's process has used so far. */
export const usage = ({ server, url }: Host): Promise<Usage> =>
  usageOf(url, server === 'http2' ? getOver : undefined)

/** Starts an answer that nobody reads yet; resolves with its id. */
export async function startAnswer({ url }: Host, question: Question): Promise<string> {
  const { id } = (await post(new URL(GENERATIONS, url), question)) as { id: string }
  return id
}

/** Resolves when it has ended. */
export async function stopAnswer({ url }: Host, generation: string): Promise<void> {
  await post(new URL(stopPath(generation), url), {})
}

async function post(url: URL, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (response.ok) return response.json()
  throw new Error(`The server said ${response.status} ${await response.text()}`)
}
