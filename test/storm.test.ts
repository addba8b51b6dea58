/** Hundreds of clients at once: after a restart, and for nothing at all. */
import t from 'tap'
import WebSocket from 'ws'
import { build } from './support/app.ts'
import { type Told, caller, from, proxied } from './support/caller.ts'
import { startProcess } from './support/process.ts'
import { sseWire } from './support/wire-sse.ts'
import { connect } from './support/wire-websocket.ts'
import { Refused, rest, take } from './support/wire.ts'
import { storeOf } from './transports/scene.ts'

const CLIENTS = 400

interface Back {
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
}

t.test('hundreds that come back after a restart are all served, or told when to come', async t => {
  const env = { STORE: storeOf(t, 'sqlite'), MAX_SOCKETS: String(CLIENTS / 2) }
  const first = await startProcess(env)
  const reader = await sseWire(first.url).start({ message: 'count to 5000' })
  const heard = await take(reader, 3)
  await first.end('SIGKILL')
  const { url, end } = await startProcess(env)
  t.teardown(() => end('SIGKILL'))
  const { generation } = reader
  const path = `${url}/api/ai/chat/generations/${generation}/events`
  const headers = { 'last-event-id': `${generation}:${heard.length}` }
  const comeBack = async (): Promise<Back> => {
    const response = await fetch(path, { headers })
    const retryAfter = response.headers.get('retry-after')
    return { status: response.status, retryAfter, text: await response.text() }
  }
  const bySocket = async (): Promise<string> => {
    const line = await connect(t, url)
    const after = { type: 'attach', generation, after: heard.length }
    return (await rest(await line.read(after))).at(-1)?.json ?? ''
  }
  const sockets = Array.from({ length: CLIENTS / 20 }, () => bySocket().catch(refusedFor))
  const backs = await Promise.all(Array.from({ length: CLIENTS }, comeBack))
  const served = backs.filter(({ status }) => status === 200)
  t.ok(served.length > 0)
  for (const { text } of served) t.match(text, /"code":"interrupted"/)
  const refused = backs.filter(({ status }) => status !== 200)
  for (const { status, retryAfter } of refused) {
    t.ok(status === 429 || status === 503, `${status}`)
    t.match(retryAfter, /^[1-9]\d*$/)
  }
  for (const said of await Promise.all(sockets)) t.match(said, /interrupted|overloaded|503|429/)
  const hints = served.map(({ text }) => Number(/^retry: (\d+)$/m.exec(text)?.[1]))
  t.ok(new Set(hints).size > served.length / 4, 'no two are told the same, or nearly so')
  t.ok(Math.min(...hints) >= 500 && Math.max(...hints) <= 2000)
  t.match(await comeBack(), { status: 200, text: /interrupted/ }, 'then there is room again')
})

const refusedFor = (error: unknown): string =>
  error instanceof Refused ? error.code : error instanceof Error ? error.message : ''

t.test('500 idle sockets have so many seats, and give them back', async t => {
  const seats = 300
  const app = await build(t, { env: { ...proxied, MAX_SOCKETS: String(seats) } })
  const dial = (i: number): Promise<WebSocket | Told> =>
    caller(t, app.url, from(`203.0.${i % 20}.1`)).dial()
  const told = await Promise.all(Array.from({ length: 500 }, (_, i) => dial(i)))
  const open = told.filter(one => one instanceof WebSocket)
  t.equal(open.length, seats)
  for (const one of told) {
    if (!(one instanceof WebSocket))
      t.match(one, { status: 503, code: 'overloaded', retryAfter: '5' })
  }
  t.equal((await fetch(`${app.url}/healthz`)).status, 200)
  for (const socket of open) socket.terminate()
  const { clients } = app.server.websocketServer
  while (clients.size > 0) await new Promise(setImmediate)
  t.type(await dial(0), WebSocket)
})
