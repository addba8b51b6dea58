/** What WebSocket clients get wrong: one `rejected` a command, or the close code that says why. */
import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import t, { type Test } from 'tap'
import WebSocket from 'ws'
import { build } from '../support/app.ts'
import { chunks, head, inTwo, never, say } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { connect } from '../support/wire-websocket.ts'
import { rest, textOf, upTo } from '../support/wire.ts'

async function scene(t: Test) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env: { MAX_BODY_BYTES: '10000' } })
  return { upstream, app, ...(await connect(t, app.url)) }
}

/** The next frame that is a reply without an id of ours. */
async function answer(socket: WebSocket, frame: string): Promise<unknown> {
  const message = once(socket, 'message')
  socket.send(frame)
  const [data] = (await message) as [Buffer]
  return JSON.parse(data.toString())
}

t.test('rejects bad commands one by one and stays open', async t => {
  const { socket, read, upstream } = await scene(t)
  const gen = `gen_${'x'.repeat(22)}`
  const frames: readonly [string, object][] = [
    ['not json', { id: null, message: /not JSON/ }],
    ['', { id: null }],
    ['[]', { id: null }],
    ['null', { id: null }],
    ['{}', { id: null }],
    ['{"id":"1"}', { id: '1', message: /type must be one of/ }],
    ['{"id":"1","type":"dance"}', { id: '1', message: /type must be one of/ }],
    ['{"id":"1","type":"toString"}', { id: '1' }],
    ['{"type":"stop"}', { id: null }],
    ['{"id":1,"type":"stop"}', { id: null }],
    ['{"id":"1","type":"stop"}', { id: '1', message: /generation/ }],
    ['{"id":"1","type":"stop","generation":"x"}', { id: '1', message: /generation/ }],
    [`{"id":"1","type":"stop","generation":"${gen}"}`, { id: '1', code: 'not_found' }],
    [`{"id":"1","type":"attach","generation":"${gen}"}`, { id: '1', code: 'not_found' }],
    [`{"id":"1","type":"detach","generation":"${gen}"}`, { id: '1', code: 'not_found' }],
    [`{"id":"1","type":"attach","generation":"${gen}","after":-1}`, { id: '1' }],
    [`{"id":"1","type":"attach","generation":"${gen}","after":"1"}`, { id: '1' }],
    [
      `{"id":"1","type":"update","generation":"${gen}","surprise":1}`,
      { id: '1', message: /surprise/ },
    ],
    ['{"id":"1","type":"start","message":"x","__proto__":{"a":1}}', { id: null }],
    ['['.repeat(5000), { id: null }],
  ]
  for (const [frame, expected] of frames) {
    const expectation = { type: 'rejected', code: 'invalid_request', ...expected }
    t.match(await answer(socket, frame), expectation, frame.slice(0, 60))
  }
  t.equal(upstream.requests.length, 0)
  t.equal(textOf(await rest(await read({ type: 'start', message: 'x' }))), 'Hello world')
})

t.test('closes with the code that says why', async t => {
  const { app } = await scene(t)
  const bad: readonly [number, (socket: WebSocket) => void][] = [
    [1003, socket => socket.send(Buffer.from('{}'))],
    [1009, socket => socket.send('x'.repeat(20_000))],
    [1007, socket => socket.send(Buffer.from([0x7b, 0xff, 0x7d]), { binary: false })],
    [4429, socket => Array.from({ length: 300 }, () => socket.send('{}'))],
  ]
  for (const [expected, send] of bad) {
    const { socket } = await connect(t, app.url)
    send(socket)
    const [code] = (await once(socket, 'close')) as [number]
    t.equal(code, expected)
  }
})

t.test('does nothing that comes behind its own close', async t => {
  const { app, socket } = await scene(t)
  socket.send(Buffer.from('{}'))
  for (let i = 0; i < 5; i++) socket.send('{"id":"1","type":"start","message":"x"}')
  await once(socket, 'close')
  t.equal(app.chat.live, 0)
  const { conversations } = await app.chat.conversations(10)
  t.same(conversations, [])
})

t.test('refuses the upgrade of foreign pages and of other routes', async t => {
  const { app } = await scene(t)
  const url = app.url.replace('http', 'ws')
  const tries: readonly [string, object, number][] = [
    ['/api/ai/chat/websocket', { origin: 'http://evil.example' }, 403],
    ['/api/ai/chat/websocket', { origin: 'null' }, 403],
    ['/api/ai/chat/websocket', { headers: { host: 'evil.example' } }, 403],
    ['/api/ai/chat/websocket?format=xml', {}, 400],
    ['/api/ai/models', {}, 404],
    ['/healthz', {}, 404],
    ['/nothing', {}, 404],
  ]
  for (const [path, options, expected] of tries) {
    const socket = new WebSocket(url + path, options)
    socket.on('error', () => undefined)
    const [request, response] = (await once(socket, 'unexpected-response')) as [
      ClientRequest,
      IncomingMessage,
    ]
    t.equal(response.statusCode, expected, path)
    // Ours to end now; the server has ended it from its side.
    await once(response.resume(), 'close')
    t.ok(request.destroyed)
  }
})

t.test('gives the sub-protocol to who asks for it, and serves who does not', async t => {
  const { app, socket } = await scene(t)
  t.equal(socket.protocol, 'chatai.v1')
  const bare = new WebSocket(`${app.url.replace('http', 'ws')}/api/ai/chat/websocket`)
  await once(bare, 'open')
  t.equal(bare.protocol, '')
  bare.close()
})

t.test('replies before the events that a command causes', async t => {
  const { socket, read, upstream } = await scene(t)
  upstream.play(head(), chunks({ content: 'one ' }), never)
  upstream.play(head(), chunks({ content: 'two' }), never)
  const types: string[] = []
  socket.on('message', data => {
    const said = JSON.parse(String(data)) as { type: string }
    types.push(said.type)
  })
  const reader = await read({ type: 'start', message: 'x' })
  await upTo(reader, 'text')
  socket.send(
    JSON.stringify({ id: 'u', type: 'update', generation: reader.generation, mode: 'continue' }),
  )
  await upTo(reader, 'text')
  socket.send(JSON.stringify({ id: 's', type: 'stop', generation: reader.generation }))
  await rest(reader)
  t.equal(types.join(' '), 'accepted started text accepted updated text accepted usage done')
})

t.test('a second attach on one socket takes the place of the first', async t => {
  const { socket, command, read, upstream } = await scene(t)
  const { steps, goOn } = inTwo()
  upstream.play(...steps)
  const reader = await read({ type: 'start', message: 'x' })
  await upTo(reader, 'text')
  const later: number[] = []
  socket.on('message', data => {
    const said = JSON.parse(String(data)) as { seq?: number }
    if (said.seq !== undefined && said.seq > 2) later.push(said.seq)
  })
  const { generation } = reader
  await command({ type: 'attach', generation, after: 2 })
  await command({ type: 'attach', generation, after: 2 })
  goOn()
  await rest(reader)
  t.same(later, [3, 4, 5], 'each event once, not once an attach')
})

t.test('a detached socket hears no more of that answer, and can come back', async t => {
  const { socket, command, read, upstream } = await scene(t)
  const { steps, goOn } = inTwo()
  upstream.play(...steps)
  const reader = await read({ type: 'start', message: 'x' })
  await upTo(reader, 'text')
  const { generation } = reader
  await command({ type: 'detach', generation })
  const heard: string[] = []
  socket.on('message', data => heard.push(String(data)))
  goOn()
  await rest(await sseWire(`http://${new URL(socket.url).host}`).attach(generation))
  const again = await read({ type: 'attach', generation, after: 2 })
  const left = await rest(again)
  t.same(
    left.map(({ event }) => event.seq),
    [3, 4, 5],
  )
  t.match(heard[0], /"accepted"/, 'nothing came in between')
})

t.test('many answers share one socket, each whole and in order', async t => {
  const { read, upstream } = await scene(t)
  const texts = Array.from({ length: 20 }, (_, i) => `answer ${i}`)
  for (const text of texts) upstream.play(...say(...text.split('')))
  const readers = await Promise.all(texts.map(() => read({ type: 'start', message: 'x' })))
  const answers = await Promise.all(readers.map(async reader => textOf(await rest(reader))))
  t.same(answers.sort(), texts.sort())
})

t.test('a flood on one socket leaves the readers of others untouched', async t => {
  const { app, upstream, socket } = await scene(t)
  const { steps, goOn } = inTwo()
  upstream.play(...steps)
  const reader = await sseWire(app.url).start({ message: 'x' })
  const heard = await upTo(reader, 'text')
  for (let i = 0; i < 1000; i++) socket.send('{}')
  await once(socket, 'close')
  goOn()
  heard.push(...(await upTo(reader, 'text')))
  t.equal(textOf(heard), 'one two')
})
