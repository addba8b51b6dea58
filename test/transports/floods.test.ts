/** Clients that send without end, do not read, or are not there any more: nobody else notices. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { build } from '../support/app.ts'
import { close, frame, opcodes, ping, text } from '../support/frames.ts'
import { type Raw, dial, openRaw } from '../support/raw-websocket.ts'
import { chunks, head, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { textOf, upTo } from '../support/wire.ts'
import { refused } from './conform.ts'

const times = (count: number, bytes: Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => bytes))

/** The code that the server closes with, whatever it says before; undefined where it just cuts. */
async function closeCode(line: Raw): Promise<number | undefined> {
  for (let frame = await line.next(); frame !== undefined; frame = await line.next()) {
    if (frame.opcode !== opcodes.close) continue
    await line.send(close(1000))
    return frame.payload.readUInt16BE()
  }
  return undefined
}

const start = frame(opcodes.text, '', { fin: 0 })
const floods: readonly [name: string, bytes: Buffer, code: number][] = [
  ['pings', times(20_000, ping('x'.repeat(125))), 4429],
  ['pongs', times(50_000, frame(opcodes.pong)), 4429],
  ['commands', times(20_000, text(refused('1'))), 4429],
  ['commands of 256 KB', times(40, text('x'.repeat(262_144))), 0],
  ['long field names', times(40, text(`{"${'x'.repeat(200_000)}":1}`)), 0],
  ['empty messages', times(50_000, text('')), 4429],
  ['empty fragments', Buffer.concat([start, times(100_000, frame(0, '', { fin: 0 }))]), 1008],
  ['zeros', Buffer.alloc(8_000_000), 1002],
  ['ones', Buffer.alloc(8_000_000, 0xff), 1002],
]

t.test('a flood of anything leaves the answer of another client whole', async t => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  for (const [name, bytes, code] of floods) {
    const more = Promise.withResolvers<void>()
    const steps = [chunks({ content: 'one ' }), until(more.promise), chunks({ content: 'two' })]
    upstream.play(head(), ...steps)
    const reader = await sseWire(app.url).start({ message: 'x' })
    const heard = await upTo(reader, 'text')
    const line = await openRaw(t, app.url)
    const sent = line.send(bytes)
    // What is within the limits is taken, and its sender closes by himself.
    if (code === 0) void sent.then(() => line.send(close(1000)))
    const begun = performance.now()
    t.equal((await fetch(`${app.url}/healthz`)).status, 200)
    t.ok(performance.now() - begun < 5000, `${name}: the server answers meanwhile`)
    t.equal(await closeCode(line), code === 0 ? 1000 : code, name)
    more.resolve()
    heard.push(...(await upTo(reader, 'text')))
    t.equal(textOf(heard), 'one two', name)
    reader.drop()
  }
})

t.test('30 broken commands at once get one refusal each, in their order', async t => {
  const app = await build(t)
  const line = await openRaw(t, app.url)
  const broken = ['{', '', 'null', '[]', '"x"', '{"id":7}', '\0', '{"type":{}}', '💥', '{"id":[]}']
  const all = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? refused(`${i}`) : broken[i % 10]))
  await line.send(Buffer.concat(all.map(command => text(command ?? ''))))
  for (const [i] of all.entries()) {
    const said = JSON.parse(String((await line.next())?.payload)) as object
    t.match(said, { type: 'rejected', code: 'invalid_request', id: i % 3 === 0 ? `${i}` : null })
  }
  await line.send(ping('open'))
  t.equal(String((await line.next())?.payload), 'open', 'and nothing more')
})

t.test('an unknown field with a long name is not sent back whole', async t => {
  const app = await build(t)
  const line = await openRaw(t, app.url)
  const name = 'x'.repeat(200_000)
  await line.send(text(`{"id":"1","type":"start","message":"x","${name}":1}`))
  const heard = String((await line.next())?.payload)
  t.match(heard, /Unknown field \\"x{64}…\\"/)
  const headers = { 'content-type': 'application/json' }
  const body = `{"message":"x","${name}":1}`
  const response = await fetch(`${app.url}/api/ai/chat/sse`, { method: 'POST', headers, body })
  t.match(await response.text(), /Unknown field \\"x{64}…\\"/)
})

t.test('a client that does not read its replies is closed once too many wait', async t => {
  const app = await build(t)
  const accepted = once(app.server.server, 'connection') as Promise<[Socket]>
  const line = await openRaw(t, app.url)
  const [socket] = await accepted
  // From here on nothing leaves, as if the client's window were full.
  socket.cork()
  let now = performance.now()
  t.intercept(performance, 'now', { value: () => now })
  const { clients } = app.server.websocketServer
  for (let sent = 0; sent < 300; sent += 100) {
    const taken = Promise.withResolvers<void>()
    for (const client of clients) client.once('ping', taken.resolve)
    await line.send(Buffer.concat([times(100, text(refused('1'))), ping()]))
    await taken.promise
    // Each command is within what a second allows.
    now += 60_000
  }
  socket.uncork()
  t.equal(await closeCode(line), 4429)
})

t.test('a client that is not there any more is dropped, one that pongs is not', async t => {
  const app = await build(t, { env: { HEARTBEAT_MS: '100' } })
  const [silent, pinging, living] = await Promise.all([1, 2, 3].map(() => openRaw(t, app.url)))
  if (silent === undefined || pinging === undefined || living === undefined) return
  const over = new AbortController()
  const life = (async () => {
    while (!over.signal.aborted) {
      t.equal((await living.next())?.opcode, opcodes.ping)
      await living.send(frame(opcodes.pong))
      // A ping is a sign of life, but not the one that was asked for.
      await pinging.send(ping())
    }
  })()
  t.equal(await closeCode(silent), undefined, 'cut, without a word that nobody would hear')
  t.equal(await closeCode(pinging), undefined)
  over.abort()
  await life
  const { clients } = app.server.websocketServer
  while (clients.size > 1) await turn()
  t.equal(clients.size, 1)
})

t.test('a client that does not answer a close is cut off', async t => {
  const app = await build(t, { env: { HEARTBEAT_MS: '100' } })
  const line = await openRaw(t, app.url)
  await line.send(frame(opcodes.binary, 'x'))
  for (let heard = await line.next(); heard !== undefined; heard = await line.next()) continue
  const { clients } = app.server.websocketServer
  while (clients.size > 0) await turn()
  t.equal(clients.size, 0)
})

t.test('who sends a request too slowly is cut off', async t => {
  const app = await build(t)
  const { server } = app.server
  t.match(server, { headersTimeout: 15_000, requestTimeout: 30_000 })
  server.headersTimeout = 100
  server.requestTimeout = 200
  const { host } = new URL(app.url)
  const begun = ['GET / HTTP/1.1\r\n', `GET / HTTP/1.1\r\nHost: ${host}\r\nX`]
  const headers = `Host: ${host}\r\nContent-Type: application/json\r\nContent-Length: 9`
  const body = `POST /api/ai/chat/sse HTTP/1.1\r\n${headers}\r\n\r\n{`
  await Promise.all(
    [...begun, body].map(async request => {
      const socket = await dial(t, app.url)
      socket.write(request)
      let heard = ''
      for await (const bytes of socket) heard += String(bytes)
      t.match(heard, /^HTTP\/1\.1 408 /)
    }),
  )
})
