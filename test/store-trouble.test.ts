/** When the store takes nothing, or only slowly: nothing is sent that it has not, and nobody hangs. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import t, { type Test } from 'tap'
import { createMemoryStore } from '../src/stores/memory.ts'
import { build } from './support/app.ts'
import { keepLog } from './support/log.ts'
import { readers } from './support/readers.ts'
import { chunks, end, finish, head, never, until } from './support/script.ts'
import { unwell } from './support/unwell.ts'
import { startUpstream } from './support/upstream.ts'
import { sseWire } from './support/wire-sse.ts'
import { connect } from './support/wire-websocket.ts'
import { rest, textOf, upTo } from './support/wire.ts'

async function scene(t: Test, env: Record<string, string> = {}) {
  const upstream = await startUpstream(t)
  const trouble = unwell(createMemoryStore())
  const { logTo, logged } = keepLog()
  const app = await build(t, {
    upstream,
    store: trouble.store,
    logTo,
    env: { LOG_LEVEL: 'warn', ...env },
  })
  return { upstream, trouble, app, wire: sseWire(app.url), logged }
}

type Place = Awaited<ReturnType<typeof scene>>

/** An answer of which the first piece was stored, and the second is still to come. */
async function halfSaid({ upstream, wire }: Place) {
  const more = Promise.withResolvers<void>()
  const [one, two] = [chunks({ content: 'one ' }), chunks({ content: 'two' })]
  upstream.play(head(), one, until(more.promise), two, never)
  const reader = await wire.start({ message: 'x' })
  return { more, reader, heard: await upTo(reader, 'text') }
}

/** The second came when the store took nothing. */
async function halfStored(place: Place) {
  const { more, reader, heard } = await halfSaid(place)
  place.trouble.full = true
  more.resolve()
  return { reader, heard }
}

t.test('an answer that can no longer be stored ends, with what was stored and no more', async t => {
  const place = await scene(t)
  const { upstream, trouble, app, wire, logged } = place
  const { reader, heard } = await halfStored(place)
  await upstream.drained()
  await t.rejects(wire.stop(reader.generation), { code: 'overloaded' }, 'stop does not hang')
  await t.rejects(rest(reader), { message: 'terminated' }, 'who read it is sent away')
  const again = wire.attach(reader.generation, heard.length)
  while ((await readers(app.url)) === 0) continue
  trouble.full = false
  heard.push(...(await rest(await again)))
  t.equal(textOf(heard), 'one ')
  t.match(heard.at(-1)?.event, { type: 'failed', code: 'overloaded', retryable: true })
  const started = heard[0]?.event
  const conversation = started?.type === 'started' ? String(started.conversation) : ''
  t.equal((await app.chat.conversation(conversation)).turns[1]?.content, 'one ')
  t.match(logged(), /generation failed/, 'and the operator is told')
})

t.test('nobody is left waiting for what could not be stored, however he reads', async t => {
  const place = await scene(t)
  const { upstream, trouble, app } = place
  const { more, reader } = await halfSaid(place)
  const { generation } = reader
  const line = await connect(t, app.url)
  await line.command({ type: 'attach', generation })
  const headers = { 'last-event-id': `${generation}:1`, accept: 'application/json' }
  const whole = fetch(`${app.url}/api/ai/chat/sse`, { headers })
  while ((await readers(app.url)) < 2) continue
  const closed = once(line.socket, 'close') as Promise<[number]>
  trouble.full = true
  more.resolve()
  t.equal((await closed)[0], 1013)
  t.equal((await whole).status, 503)
  await t.rejects(rest(reader), { message: 'terminated' })
  await upstream.drained()
  t.equal(await readers(app.url), 0)
})

t.test('an update in that moment does not make a hole', async t => {
  const place = await scene(t)
  const { upstream, trouble, wire } = place
  const { reader, heard } = await halfStored(place)
  await t.rejects(wire.update(reader.generation, { params: { top_p: 1 } }))
  trouble.full = false
  heard.push(...(await rest(await wire.attach(reader.generation, heard.length))))
  t.match(heard.at(-1)?.event, { type: 'failed', code: 'overloaded' })
  t.equal(upstream.requests.length, 1)
})

t.test('the end of the server does not wait for a store that takes nothing', async t => {
  const { upstream, trouble, app, wire } = await scene(t)
  upstream.play(head(), chunks({ content: 'half' }), never)
  await upTo(await wire.start({ message: 'x' }), 'text')
  trouble.full = true
  await app.server.close()
  await upstream.drained()
})

t.test('a client that left while its start was stored is not waited for', async t => {
  const { upstream, trouble, app } = await scene(t, { ORPHAN_TIMEOUT_MS: '50' })
  upstream.always(head(), chunks({ content: 'half' }), never)
  const slow = Promise.withResolvers<void>()
  trouble.slow = slow.promise
  const gone = new AbortController()
  const asked = fetch(`${app.url}/api/ai/chat/sse?message=x`, { signal: gone.signal })
  const [[connection]] = await Promise.all([once(app.server.server, 'connection'), trouble.asked])
  const left = once(connection as Socket, 'close')
  gone.abort()
  await t.rejects(asked)
  await left
  slow.resolve()
  await upstream.arrived()
  await upstream.drained()
  t.equal(await readers(app.url), 0)
})

t.test('what an answer has said counts against the window when it is continued', async t => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, entry: { contextWindow: 1000 } })
  const wire = sseWire(app.url)
  upstream.play(head(), chunks({ content: 'said '.repeat(400) }), never)
  upstream.play(head(), chunks({ content: 'end' }), finish(), end)
  const messages = [
    { role: 'user', content: 'old '.repeat(400) },
    { role: 'assistant', content: 'old answer' },
    { role: 'user', content: 'now?' },
  ]
  const reader = await wire.start({ messages })
  await upTo(reader, 'text')
  t.match(upstream.requests[0]?.body, /old answer/)
  await wire.update(reader.generation, { params: { top_p: 1 } })
  await rest(reader)
  t.notMatch(upstream.requests[1]?.body, /old answer/)
  t.match(upstream.requests[1]?.body, /now\?/)
})
