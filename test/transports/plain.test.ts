/** `?format=text`, spoken by the page of the article: a bare WebSocket, text in, text out. */
import { once } from 'node:events'
import t, { type Test } from 'tap'
import WebSocket from 'ws'
import { build } from '../support/app.ts'
import { chunks, end, head, never, reset, say } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'

async function scene(t: Test) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/ai/chat/websocket?format=text`)
  t.teardown(() => socket.terminate())
  let text = ''
  let heard = Promise.withResolvers<void>()
  socket.on('message', data => {
    text += String(data)
    heard.resolve()
    heard = Promise.withResolvers()
  })
  await once(socket, 'open')
  /** Resolves when that text has come, and forgets it. */
  const until = async (expected: string): Promise<void> => {
    while (text.length < expected.length) await heard.promise
    t.equal(text, expected)
    text = ''
  }
  return { upstream, app, socket, until }
}

t.test('answers the message of the article with bare text', async t => {
  const { socket, until, upstream } = await scene(t)
  socket.send(JSON.stringify({ modelType: 'fake', message: 'Hello?' }))
  await until('Hello world')
  t.match(upstream.requests[0]?.json, { messages: [{ role: 'user', content: 'Hello?' }] })
})

t.test('takes a frame that is not a JSON object as a message', async t => {
  const { socket, until, upstream } = await scene(t)
  for (const frame of ['Hello?', '42', '"quoted"', '{broken', '[1]']) {
    socket.send(frame)
    await until('Hello world')
    t.match(upstream.requests.at(-1)?.body, JSON.stringify(frame).slice(1, -1))
  }
})

t.test('remembers the turns of its socket', async t => {
  const { socket, until, upstream } = await scene(t)
  socket.send('one?')
  await until('Hello world')
  socket.send('two?')
  await until('Hello world')
  const asked = upstream.requests[1]?.json as { messages: object[] } | undefined
  t.same(asked?.messages, [
    { role: 'user', content: 'one?' },
    { role: 'assistant', content: 'Hello world' },
    { role: 'user', content: 'two?' },
  ])
})

t.test('closing the socket stops the answer', async t => {
  const { socket, until: heard, upstream, app } = await scene(t)
  upstream.play(head(), chunks({ content: 'half' }), never)
  socket.send('Hello?')
  await heard('half')
  socket.close()
  await upstream.drained()
  const { conversations } = (await (
    await fetch(`${app.url}/api/ai/chat/conversations`)
  ).json()) as { conversations: { id: string }[] }
  const path = `${app.url}/api/ai/chat/conversations/${conversations[0]?.id}`
  const { turns } = (await (await fetch(path)).json()) as { turns: object[] }
  t.match(turns[1], { content: 'half', end: { type: 'done', reason: 'stopped', by: 'client' } })
})

t.test('a new message takes the word from the answer that is written', async t => {
  const { socket, until: heard, upstream } = await scene(t)
  upstream.play(head(), chunks({ content: 'half' }), never)
  upstream.play(...say(' whole'))
  socket.send('one?')
  await heard('half')
  socket.send('two?')
  await heard(' whole')
  t.ok(upstream.requests[0]?.gone)
})

t.test('a failure closes the socket with its reason, after what was said', async t => {
  const { socket, until: heard, upstream } = await scene(t)
  upstream.play(head(), chunks({ content: 'half' }), reset)
  socket.send('Hello?')
  const closed = once(socket, 'close')
  await heard('half')
  const [code, reason] = (await closed) as [number, Buffer]
  t.equal(code, 1013)
  t.match(reason.toString(), /\w/)
})

t.test('commands with a type work as on any socket', async t => {
  const { socket, upstream } = await scene(t)
  upstream.play(head(), end)
  socket.send('{"id":"1","type":"stop","generation":"x"}')
  const [data] = (await once(socket, 'message')) as [Buffer]
  t.match(JSON.parse(String(data)), { id: '1', type: 'rejected', code: 'invalid_request' })
  socket.send('{"surprise":1}')
  const [again] = (await once(socket, 'message')) as [Buffer]
  t.match(JSON.parse(String(again)), { type: 'rejected', message: /surprise/ })
})

t.test('a conversation deleted from elsewhere is begun anew, and closing does no harm', async t => {
  const { socket, until: heard, upstream, app } = await scene(t)
  socket.send('one?')
  await heard('Hello world')
  const { conversations } = await app.chat.conversations(10)
  await app.chat.remove(conversations[0]?.id ?? '')
  socket.send('two?')
  await heard('Hello world')
  t.notMatch(upstream.requests[1]?.body, /one\?/)
  upstream.play(head(), chunks({ content: 'half' }), never)
  socket.send('three?')
  await heard('half')
  const [open] = (await app.chat.conversations(10)).conversations
  await app.chat.remove(open?.id ?? '')
  const closed = once(socket, 'close')
  socket.close()
  await closed
  t.equal((await fetch(`${app.url}/healthz`)).status, 200)
})

t.test('closing stops whatever the socket started, also by a command with an id', async t => {
  const { socket, upstream } = await scene(t)
  upstream.always(head(), chunks({ content: 'half' }), never)
  const halves = Promise.withResolvers<void>()
  let count = 0
  socket.on('message', data => String(data) === 'half' && ++count === 2 && halves.resolve())
  socket.send('{"id":"7","type":"start","message":"x"}')
  socket.send('{"id":"8","type":"start","message":"y"}')
  await halves.promise
  socket.close()
  await upstream.drained()
})

t.test('a message that is refused does not stop the answer that is written', async t => {
  const { socket, until: heard, upstream, app } = await scene(t)
  upstream.play(head(), chunks({ content: 'half' }), never)
  socket.send('one?')
  await heard('half')
  socket.send('{"modelType":"nobody","message":"x"}')
  const [data] = (await once(socket, 'message')) as [Buffer]
  t.match(JSON.parse(String(data)), { type: 'rejected', code: 'not_found' })
  t.equal(app.chat.live, 1)
})

t.test('a stateless start works after a message', async t => {
  const { socket, until } = await scene(t)
  socket.send('one?')
  await until('Hello world')
  socket.send('{"messages":[{"role":"user","content":"x"}]}')
  await until('Hello world')
})
