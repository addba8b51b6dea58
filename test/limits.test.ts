/** Limits of how often and how many: one counter each, whichever transport uses it up. */
import { once } from 'node:events'
import t, { type Test } from 'tap'
import WebSocket from 'ws'
import { build } from './support/app.ts'
import { by, caller, command, from, proxied } from './support/caller.ts'
import { chunks, head, never } from './support/script.ts'
import { startUpstream } from './support/upstream.ts'

const HELLO = { message: 'x' }
const KEYS = { API_KEYS: 'ada:key-of-ada,bob:key-of-bob' }

async function scene(t: Test, env: Record<string, string>) {
  const upstream = await startUpstream(t)
  upstream.always(head(), chunks({ content: 'half' }), never)
  const app = await build(t, { upstream, env: { ...proxied, ...env } })
  const client = (headers: Record<string, string>) => caller(t, app.url, headers)
  return { app, upstream, client }
}

const limited = { code: 'rate_limited', retryAfter: /^\d+$/ }

t.test('starts and updates are counted together, over HTTP and WebSocket', async t => {
  const { app, client } = await scene(t, { ...KEYS, RATE_LIMIT_PER_MINUTE: '3' })
  const ada = client(by('key-of-ada'))
  const socket = await ada.dial()
  const { id, status } = await ada.ask('POST generations', HELLO)
  t.equal(status, 201)
  t.equal((await command(socket, { type: 'start', ...HELLO })).status, 200)
  const update = { params: { temperature: 0 } }
  t.equal((await ada.ask(`POST generations/${id}/update`, update)).status, 200)
  t.match(await ada.ask('POST generations', HELLO), { status: 429, ...limited })
  t.match(await ada.ask('GET sse?message=x'), { status: 429, ...limited })
  t.match(await ada.ask(`POST generations/${id}/update`, update), { status: 429, ...limited })
  t.match(await command(socket, { type: 'start', ...HELLO }), limited)
  t.match(await command(socket, { type: 'update', generation: id, ...update }), limited)
  const bob = client(by('key-of-bob'))
  t.equal((await command(await bob.dial(), { type: 'start', ...HELLO })).status, 200)
  t.equal((await ada.ask(`POST generations/${id}/stop`)).status, 200, 'a stop is always taken')
  t.equal(app.chat.live, 2)
})

t.test('many keys of one address are one address', async t => {
  const { client } = await scene(t, { ...KEYS, RATE_LIMIT_PER_ADDRESS: '2' })
  const callers = ['key-of-ada', 'key-of-bob', 'key-of-ada'].map((key, i) =>
    client({ ...by(key), ...from(`2001:db8:7:7::${i}`) }),
  )
  const [one, two, three] = callers
  if (two === undefined) throw new Error('unreachable')
  t.equal((await one?.ask('POST generations', HELLO))?.status, 201)
  t.equal((await two.ask('POST generations', HELLO)).status, 201)
  t.match(await three?.ask('POST generations', HELLO), { status: 429, ...limited })
  t.match(await command(await two.dial(), { type: 'start', ...HELLO }), limited)
  const elsewhere = client({ ...by('key-of-ada'), ...from('2001:db8:7:8::1') })
  t.equal((await elsewhere.ask('POST generations', HELLO)).status, 201)
})

t.test('a key has so many live answers, wherever they were started', async t => {
  const { app, client } = await scene(t, { ...KEYS, MAX_GENERATIONS_PER_KEY: '2' })
  const ada = client(by('key-of-ada'))
  const socket = await ada.dial()
  const early = app.chat.as({ owner: 'key:ada', quota: undefined })
  const started = await early.start(HELLO)
  const conversation = String((await early.generation(started)).conversation)
  await early.stop(started)
  const { id } = await ada.ask('POST generations', HELLO)
  // One that comes to nothing takes no place.
  const nothing = { conversation, regenerate: `trn_${'x'.repeat(22)}` }
  for (let i = 0; i < 3; i++) t.equal((await ada.ask('POST generations', nothing)).status, 404)
  t.equal((await command(socket, { type: 'start', ...HELLO })).status, 200)
  const refused = { code: 'rate_limited', retryAfter: 5 }
  t.match(await command(socket, { type: 'start', ...HELLO }), refused)
  t.match(await ada.ask('POST generations', HELLO), { ...refused, status: 429, retryAfter: '5' })
  t.match(await ada.ask('POST sse', HELLO), { status: 429 })
  t.equal((await client(by('key-of-bob')).ask('POST generations', HELLO)).status, 201)
  await ada.ask(`POST generations/${id}/stop`)
  t.equal((await command(socket, { type: 'start', ...HELLO })).status, 200, 'one for one')
  t.equal(app.chat.live, 3)
})

t.test('without keys an address has so many, but for this machine itself', async t => {
  const { client } = await scene(t, { MAX_GENERATIONS_PER_KEY: '1' })
  const stranger = client(from('203.0.113.1'))
  t.equal((await stranger.ask('POST generations', HELLO)).status, 201)
  t.equal((await stranger.ask('POST generations', HELLO)).status, 429)
  t.equal((await client(from('203.0.113.2')).ask('POST generations', HELLO)).status, 201)
  const own = client({})
  for (let i = 0; i < 3; i++) t.equal((await own.ask('POST generations', HELLO)).status, 201)
})

t.test('streams and sockets take the same seats, and give them back', async t => {
  const { app, client, upstream } = await scene(t, { MAX_SOCKETS_PER_ADDRESS: '2' })
  const full = { status: 503, code: 'overloaded', retryAfter: '5' }
  const one = client(from('203.0.113.1'))
  const stream = await one.stream(HELLO)
  const socket = await one.dial()
  t.match(await one.dial(), full, 'refused at the handshake')
  t.match(await one.ask('POST sse', HELLO), full)
  t.match(await one.ask('GET sse?message=x'), full)
  t.match(await one.ask(`GET generations/gen_${'x'.repeat(22)}/events`), full)
  t.equal((await one.ask('GET conversations')).status, 200, 'what is short needs none')
  t.equal(app.chat.live, 1, 'and nothing was started')
  await upstream.arrived()
  t.equal(upstream.requests.length, 1)
  t.type(await client(from('203.0.113.2')).dial(), WebSocket)
  const own = await Promise.all(Array.from({ length: 4 }, () => client({}).dial()))
  t.ok(
    own.every(each => each instanceof WebSocket),
    'this machine is no single client',
  )

  if (socket instanceof WebSocket) socket.terminate()
  await stream.body?.cancel()
  for (let taken = 0; taken < 2;) if ((await one.dial()) instanceof WebSocket) taken++
  t.match(await one.dial(), full)
})

t.test('all of them together have so many', async t => {
  const { client } = await scene(t, { MAX_SOCKETS: '2' })
  const [first] = await Promise.all([1, 2].map(i => client(from(`203.0.113.${i}`)).dial()))
  if (!(first instanceof WebSocket)) throw new Error('refused')
  t.match(await client(from('203.0.113.3')).dial(), { status: 503, code: 'overloaded' })
  t.match(await client({}).ask('GET sse?message=x'), { status: 503 })
  first.terminate()
  while (!((await client({}).dial()) instanceof WebSocket)) continue
})

t.test('reading is counted, over HTTP and WebSocket', async t => {
  const { client } = await scene(t, { ...KEYS, READS_PER_MINUTE: '3' })
  const ada = client(by('key-of-ada'))
  const socket = await ada.dial()
  const { id: generation } = await command(socket, { type: 'start', ...HELLO })
  t.equal((await ada.ask(`GET generations/${generation}`)).status, 200)
  t.equal((await command(socket, { type: 'attach', generation })).status, 200)
  await ada.ask(`POST generations/${generation}/stop`)
  t.equal((await ada.ask(`GET generations/${generation}/events`)).status, 200)
  t.match(await command(socket, { type: 'attach', generation }), limited)
  t.match(await ada.ask(`GET generations/${generation}/events`), { status: 429, ...limited })
  t.match(await ada.ask(`GET generations/${generation}`), { status: 429, ...limited })
  t.match(await ada.ask(`GET conversations/cnv_${'x'.repeat(22)}`), { status: 429 })
  t.equal((await command(socket, { type: 'detach', generation })).status, 200)
})

t.test('commands of one socket: a burst, and then so many a second', async t => {
  const { client } = await scene(t, { COMMANDS_PER_SECOND: '1', COMMANDS_BURST: '5' })
  const socket = await client({}).dial()
  if (!(socket instanceof WebSocket)) throw new Error('refused')
  const closed = once(socket, 'close')
  const detach = { type: 'detach', generation: `gen_${'x'.repeat(22)}` }
  for (let i = 0; i < 4; i++) t.equal((await command(socket, detach)).code, 'not_found')
  for (let i = 0; i < 3; i++) socket.send('{}')
  t.equal(((await closed) as [number])[0], 4429)
})
