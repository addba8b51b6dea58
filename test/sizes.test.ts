/** Limits of how large: of what is sent, of what is kept, of what is in memory. */
import t, { type Test } from 'tap'
import { build } from './support/app.ts'
import { caller, command } from './support/caller.ts'
import { chunks, head, never, until } from './support/script.ts'
import { startUpstream } from './support/upstream.ts'
import { sseWire } from './support/wire-sse.ts'
import { websocketWire } from './support/wire-websocket.ts'
import { rest, upTo } from './support/wire.ts'
import { refused } from './transports/scene.ts'

async function scene(t: Test, env: Record<string, string>) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env })
  return { app, upstream, wires: [sseWire(app.url), websocketWire(t, app.url)] as const }
}

t.test('texts are so long, each and all together', async t => {
  const env = { MAX_MESSAGE_CHARS: '10', MAX_CONTEXT_CHARS: '25' }
  const { app, wires, upstream } = await scene(t, env)
  const say = (length: number) => ({ role: 'user', content: 'x'.repeat(length) })
  const large = [
    { message: 'x'.repeat(11) },
    { messages: [say(11), say(1)] },
    { messages: [say(9), say(9), say(9)] },
    { message: 'x', params: { system: 'x'.repeat(11) } },
    { messages: [say(9), say(9)], params: { system: 'x'.repeat(9) } },
  ]
  for (const wire of wires) {
    for (const body of large) await refused(t, wire.start(body), 'too_large')
    await rest(await wire.start({ messages: [say(10), say(10)], params: { system: 'x' } }))
  }
  t.equal(upstream.requests.length, 2)
  const http = caller(t, app.url, {})
  t.equal((await http.ask('POST sse', large[0])).status, 413)
  t.equal((await http.ask('POST generations', large[0])).status, 413)
  t.equal((await http.ask(`GET sse?message=${'x'.repeat(11)}`)).status, 413)
  upstream.always(head(), chunks({ content: 'x' }), never)
  const { id: generation } = await http.ask('POST generations', { message: 'x' })
  const update = { params: { system: 'x'.repeat(11) } }
  t.equal((await http.ask(`POST generations/${generation}/update`, update)).status, 413)
  const told = await command(await http.dial(), { type: 'update', generation, ...update })
  t.equal(told.code, 'too_large')
})

t.test('a conversation has so many turns', async t => {
  const { wires } = await scene(t, { MAX_TURNS: '3' })
  const [first] = await rest(await wires[0].start({ message: 'x' }))
  const conversation = first?.event.type === 'started' ? first.event.conversation : ''
  await rest(await wires[1].start({ message: 'y', conversation }))
  for (const wire of wires) {
    await refused(t, wire.start({ message: 'z', conversation }), 'too_large')
    await rest(await wire.start({ message: 'z' }))
  }
})

t.test('a log of many small pieces is ended as length, before its text is long', async t => {
  const { wires, upstream } = await scene(t, { MAX_LOG_BYTES: '2000' })
  // One piece an event: the model says the next when the one before has been read.
  const gates = Array.from({ length: 100 }, () => Promise.withResolvers<void>())
  const pieces = gates.flatMap(gate => [chunks({ content: 'x' }), until(gate.promise)])
  upstream.play(head(), ...pieces, never)
  const reader = await wires[0].start({ message: 'x' })
  let said = 0
  let last: string | undefined
  for await (const { event } of reader) {
    if (event.type === 'text') gates[said++]?.resolve()
    last = JSON.stringify(event)
  }
  t.match(last, /"type":"done","reason":"length"/)
  t.ok(said > 10 && said < 30, `${said} pieces`)
  await upstream.drained()
})

t.test('a log of many updates is, too', async t => {
  const { wires, upstream } = await scene(t, { MAX_LOG_BYTES: '2000' })
  upstream.play(head(), chunks({ content: 'x' }), never)
  upstream.always(head(), never)
  const reader = await wires[1].start({ message: 'x' })
  await upTo(reader, 'text')
  const params = { system: 'x'.repeat(1500) }
  await wires[0].update(reader.generation, { params })
  await wires[0].update(reader.generation, { params })
  t.match((await rest(reader)).at(-1)?.event, { type: 'done', reason: 'length' })
  await upstream.drained()
})

t.test('the logs in memory are bounded: what is new is refused, what is live is ended', async t => {
  const { wires, upstream } = await scene(t, { MEMORY_STORE_BYTES: '5000' })
  upstream.always(head(), chunks({ content: 'x'.repeat(6000) }), never)
  const reader = await wires[0].start({ message: 'x' })
  await upTo(reader, 'text')
  const error = await refused(t, wires[1].start({ message: 'y' }), 'overloaded')
  t.equal(error.retryAfter, 5)
  await wires[0].stop(reader.generation)
  t.equal((await rest(reader)).at(-1)?.event.type, 'done')
  const next = await wires[1].start({ message: 'z' })
  t.ok(next.generation, 'what has ended makes room')
})

t.test('live answers share the memory: the large ones make room for the small', async t => {
  const { wires, upstream } = await scene(t, { MAX_LIVE_BYTES: '5000' })
  const more = Promise.withResolvers<void>()
  const large = [chunks({ content: 'x'.repeat(4800) }), until(more.promise)]
  upstream.play(head(), ...large, chunks({ content: 'and more' }), never)
  upstream.play(head(), chunks({ content: 'y'.repeat(200) }), never)
  const first = await wires[0].start({ message: 'x' })
  await upTo(first, 'text')
  const small = await wires[1].start({ message: 'y' })
  await upTo(small, 'text')
  const error = await refused(t, wires[0].start({ message: 'z' }), 'overloaded')
  t.equal(error.retryAfter, 5)
  more.resolve()
  const ended = await rest(first)
  t.match(ended.at(-1)?.event, { type: 'failed', code: 'overloaded', retryable: true })
  await upstream.drained(1)
  await rest(await wires[0].start({ message: 'z' }))
  await wires[1].stop(small.generation)
  t.match((await rest(small)).at(-1)?.event, { type: 'done', reason: 'stopped' })
})
