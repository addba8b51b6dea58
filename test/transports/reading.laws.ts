import { setTimeout as sleep } from 'node:timers/promises'
import { chunks, end, head, inTwo, never, reply, reset, say, until } from '../support/script.ts'
import { events, rest, take, textOf, upTo } from '../support/wire.ts'
import { HELLO, type Law, refused } from './scene.ts'

/** Bytes that framing could trip over: line ends of every kind, our own framing, split pairs. */
const HOSTILE = [
  'a\nb\r\nc\rd',
  'data: x\n\nid: 1\n\n',
  '\u2028\u2029\u0000\u001f',
  '你好 👩‍👩‍👧‍👦',
  '"\\/',
]

/** What a reader gets, whatever becomes of it or of the answer. */
export const reading: Law = (t, scene) => {
  t.test('sends started as seq 1 before the provider has said anything', async t => {
    const { wire, upstream } = await scene(t)
    const more = Promise.withResolvers<void>()
    upstream.play(until(more.promise), ...say('late'))
    const reader = await wire.start(HELLO)
    const [started] = await take(reader, 1)
    t.match(started?.event, { seq: 1, type: 'started', model: 'fake', params: {} })
    more.resolve()
    t.equal(textOf(await rest(reader)), 'late')
  })

  t.test('sends every event once, in order, to the terminal one', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(...say(...HOSTILE))
    const heard = await rest(await wire.start(HELLO))
    t.equal(textOf(heard), HOSTILE.join(''))
    t.same(
      events(heard).map(({ seq }) => seq),
      heard.map((_, index) => index + 1),
    )
    t.match(heard.at(-1)?.event, { type: 'done', reason: 'complete' })
    t.equal(heard.filter(({ event }) => event.type === 'done').length, 1)
  })

  t.test('gives the same texts to a reader that comes later, from any seq on', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(...say(...HOSTILE))
    const first = await wire.start(HELLO)
    const heard = await rest(first)
    for (let after = 0; after < heard.length; after++) {
      const again = await rest(await wire.attach(first.generation, after))
      t.same(
        again.map(({ json }) => json),
        heard.slice(after).map(({ json }) => json),
      )
    }
    t.same(await rest(await wire.attach(first.generation)), heard)
  })

  t.test('has nothing for a cursor at the terminal event', async t => {
    const { wire, app } = await scene(t)
    const first = await wire.start(HELLO)
    const { seq } = (await rest(first)).at(-1)?.event ?? { seq: 0 }
    if (wire.name === 'sse') {
      const path = `${app.url}/api/ai/chat/generations/${first.generation}/events?after=${seq}`
      t.equal((await fetch(path)).status, 204)
    } else {
      t.same(await rest(await wire.attach(first.generation, seq)), [])
    }
  })

  t.test('refuses a cursor ahead of the log and a generation that is unknown', async t => {
    const { wire } = await scene(t)
    const first = await wire.start(HELLO)
    await rest(first)
    await refused(t, wire.attach(first.generation, 999), 'conflict')
    const unknown = `gen_${'x'.repeat(22)}`
    await refused(t, wire.attach(unknown), 'not_found')
    await refused(t, wire.stop(unknown), 'not_found')
    await refused(t, wire.update(unknown, {}), 'not_found')
  })

  t.test('goes on without its reader, and is whole for the next', async t => {
    const { wire, upstream } = await scene(t)
    const { steps, goOn } = inTwo()
    upstream.play(...steps)
    const reader = await wire.start(HELLO)
    await upTo(reader, 'text')
    reader.drop()
    goOn()
    t.equal(textOf(await rest(await wire.attach(reader.generation))), 'one two')
  })

  t.test('keeps what was said before a failure', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(head(), chunks({ content: 'half' }), reset)
    const heard = await rest(await wire.start(HELLO))
    t.equal(textOf(heard), 'half')
    t.match(heard.at(-1)?.event, { type: 'failed', code: 'provider_broken', retryable: true })
  })

  t.test('never takes an answer without a finish reason for a whole one', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(head(), chunks({ content: 'half' }), end)
    const heard = await rest(await wire.start(HELLO))
    t.match(heard.at(-1)?.event, { type: 'failed', code: 'provider_broken' })
  })

  t.test('tells a refusal of the provider as an event, without its words', async t => {
    const { wire, upstream } = await scene(t)
    upstream.play(reply(401, { error: { message: 'Incorrect key sk-secret' } }))
    const heard = await rest(await wire.start(HELLO))
    t.match(heard.at(-1)?.event, { type: 'failed', code: 'provider_rejected', retryable: false })
    t.notMatch(heard.at(-1)?.json, /sk-secret/)
  })

  t.test('reports silence in the middle after the idle limit', async t => {
    const { wire, upstream } = await scene(t, { IDLE_TIMEOUT_MS: '50' })
    upstream.play(head(), chunks({ content: 'half' }), never)
    const heard = await rest(await wire.start(HELLO))
    t.equal(textOf(heard), 'half')
    t.match(heard.at(-1)?.event, { type: 'failed', code: 'provider_timeout' })
    await upstream.drained()
  })

  t.test('reports a model that never begins after the first-byte limit', async t => {
    const { wire, upstream } = await scene(t, { FIRST_BYTE_TIMEOUT_MS: '50' })
    const comments = head()
    upstream.play(comments, ({ response }) => response.write(': ping\n\n'), never)
    const heard = await rest(await wire.start(HELLO))
    t.match(heard.at(-1)?.event, { type: 'failed', code: 'provider_timeout' })
    await upstream.drained()
  })

  t.test('reports a model that takes the request and never answers', async t => {
    const { wire, upstream } = await scene(t, { FIRST_BYTE_TIMEOUT_MS: '50' })
    upstream.play(never)
    const heard = await rest(await wire.start(HELLO))
    t.match(heard.at(-1)?.event, { type: 'failed', code: 'provider_timeout' })
    await upstream.drained()
  })

  t.test('takes comments for no progress, however many come', async t => {
    const { wire, upstream } = await scene(t, { IDLE_TIMEOUT_MS: '200' })
    upstream.play(head(), chunks({ content: 'half' }), async ({ response, socket }) => {
      while (!socket.destroyed) {
        response.write(': still here\n\n')
        await sleep(20)
      }
    })
    const heard = await rest(await wire.start(HELLO))
    t.equal(textOf(heard), 'half')
    t.match(heard.at(-1)?.event, { type: 'failed', code: 'provider_timeout' })
    await upstream.drained()
  })

  t.test('ends an answer that grows past the limit as length, and hangs up', async t => {
    const { wire, upstream } = await scene(t, { MAX_OUTPUT_BYTES: '1000' })
    const piece = { content: 'x'.repeat(600) }
    upstream.play(head(), chunks(piece, piece, piece), never)
    const heard = await rest(await wire.start(HELLO))
    t.match(heard.at(-1)?.event, { type: 'done', reason: 'length' })
    await upstream.drained()
  })
}
