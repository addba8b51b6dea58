/** Proxies that do to streams what real ones do, unless told otherwise. */
import { once } from 'node:events'
import {
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
  createServer,
  request,
} from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { constants, createGzip } from 'node:zlib'
import type { Teardown } from '../support/upstream.ts'

export interface Habits {
  /** Give a body only when it is whole. */
  readonly buffers?: boolean
  /** Give a body in lumps of so many bytes. */
  readonly lump?: number
  readonly compresses?: boolean
  /** Request headers that are not passed on. */
  readonly drops?: readonly string[]
  /** Let no upgrade through. */
  readonly stripsUpgrades?: boolean
  /** Cut a connection that was silent for so long. */
  readonly idleMs?: number
}

/** A proxy before the server at `url`; returns its own address. */
export async function stand(t: Teardown, url: string, habits: Habits): Promise<string> {
  const target = new URL(url)
  const hops = habits.stripsUpgrades === true ? ['upgrade', 'connection'] : []
  const dropped = [...hops, ...(habits.drops ?? [])]
  const listener: RequestListener = (from, to) => {
    const headers = Object.fromEntries(
      Object.entries(from.headers).filter(([name]) => !dropped.includes(name)),
    )
    const on = request(new URL(from.url ?? '/', target), { method: from.method, headers })
    on.on('response', answer => pass(answer, to, habits)).on('error', () => to.destroy())
    to.on('close', () => on.destroy())
    from.pipe(on)
  }
  const server = createServer(listener)
  if (habits.stripsUpgrades !== true) server.on('upgrade', (from, socket) => tunnel(from, socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function tunnel(from: IncomingMessage, socket: Duplex): void {
    const on = connect(Number(target.port), target.hostname)
    const lines = from.rawHeaders.reduce(
      (text, part, i) => text + part + (i % 2 === 0 ? ': ' : '\r\n'),
      '',
    )
    on.write(`${from.method} ${from.url} HTTP/1.1\r\n${lines}\r\n`)
    for (const [one, other] of [
      [socket, on],
      [on, socket],
    ] as const) {
      one.pipe(other)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
    t.teardown(() => on.destroy())
    if (habits.idleMs !== undefined) on.setTimeout(habits.idleMs, () => on.destroy())
  }
}

function pass(answer: IncomingMessage, to: ServerResponse, habits: Habits): void {
  const streams = answer.headers['content-type']?.startsWith('text/event-stream') === true
  const { buffers = false, lump = 1, compresses = false, idleMs } = streams ? habits : {}
  to.writeHead(answer.statusCode ?? 502, {
    ...answer.headers,
    ...(compresses && { 'content-encoding': 'gzip' }),
  })
  const out = compresses ? createGzip({ flush: constants.Z_SYNC_FLUSH }) : to
  if (compresses) out.pipe(to)
  let held = Buffer.alloc(0)
  answer.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes])
    if (buffers || held.length < lump) return
    out.write(held)
    held = Buffer.alloc(0)
  })
  answer.on('end', () => out.end(held)).on('error', () => to.destroy())
  if (idleMs !== undefined) answer.setTimeout(idleMs, () => to.destroy())
}
