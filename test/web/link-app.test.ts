/** The link against the real server: what is promised holds on both transports, and across them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Item, type LinkOptions, type Transport, openLink } from '../../web/link/link.ts'
import { build } from '../support/app.ts'
import { startProcess } from '../support/process.ts'
import { chunks, finish, head, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'

const transports = ['sse', 'websocket'] as const
const quick: LinkOptions = { pace: { baseMs: 5, capMs: 20 } }

/** A link that ends with the test. */
function open(t: Test, transport: Transport, options: LinkOptions) {
  const end = new AbortController()
  t.teardown(() => end.abort())
  return openLink(transport, { ...quick, signal: end.signal, ...options })
}

async function all(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = []
  for await (const batch of batches) items.push(...batch)
  return items
}

const textOf = (items: readonly Item[]): string =>
  items.map(item => (item.type === 'text' ? item.text : '')).join('')
const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1)
const fast = { DEMO_TOKENS_PER_SECOND: '5000' }
const words = Array.from({ length: 20 }, (_, i) => ({ content: `word ${i} ` }))

for (const transport of transports) {
  void t.test(transport, async t => {
    await t.test('start, events and the end', async t => {
      const upstream = await startUpstream(t)
      const app = await build(t, { upstream })
      upstream.play(head(), chunks(...words), finish())
      const link = open(t, transport, { base: app.url })
      const items = await all(link.events(await link.start({ message: 'hello' }), 0))
      t.strictSame(
        items.map(({ seq }) => seq),
        upTo(items.length),
      )
      t.equal(textOf(items), words.map(({ content }) => content).join(''))
      t.match(items.at(-1), { type: 'done', reason: 'complete' })
    })

    await t.test('stop ends the answer, and nothing is sent after it', async t => {
      const upstream = await startUpstream(t)
      const app = await build(t, { upstream })
      const never = Promise.withResolvers<void>()
      upstream.play(head(), chunks({ content: 'one ' }), until(never.promise))
      const link = open(t, transport, { base: app.url })
      const generation = await link.start({ message: 'hello' })
      const items: Item[] = []
      for await (const batch of link.events(generation, 0)) {
        items.push(...batch)
        if (textOf(batch) !== '') await link.stop(generation)
      }
      t.match(items.at(-1), { type: 'done', reason: 'stopped', by: 'client' })
      await t.resolves(link.stop(generation), 'a second stop is harmless')
    })

    await t.test('update changes the answer that is being written', async t => {
      const upstream = await startUpstream(t)
      const app = await build(t, { upstream })
      const never = Promise.withResolvers<void>()
      upstream.play(head(), chunks({ content: 'one ' }), until(never.promise))
      upstream.play(head(), chunks({ content: 'two' }), finish())
      const link = open(t, transport, { base: app.url })
      const generation = await link.start({ message: 'hello' })
      const items: Item[] = []
      for await (const batch of link.events(generation, 0)) {
        items.push(...batch)
        if (textOf(items) === 'one ' && !items.some(({ type }) => type === 'updated'))
          await link.update(generation, { params: { temperature: 0.5 }, mode: 'continue' })
      }
      t.match(
        items.find(({ type }) => type === 'updated'),
        { mode: 'continue', params: { temperature: 0.5 } },
      )
      t.equal(textOf(items), 'one two')
      await t.rejects(link.update(generation, {}), { code: 'conflict' }, 'but not after its end')
    })

    await t.test('what is wrong is refused with the code of the server', async t => {
      const app = await build(t)
      const link = open(t, transport, { base: app.url })
      await t.rejects(link.start({ message: 'x', model: 'none' }), { code: 'not_found' })
      await t.rejects(link.start({}), { code: 'invalid_request' })
      await t.rejects(all(link.events(`gen_${'A'.repeat(22)}`, 0)), { code: 'not_found' })
    })

    await t.test('a repeated start is the same answer', async t => {
      const app = await build(t, { env: fast })
      const link = open(t, transport, { base: app.url })
      const body = { message: 'hello', idempotencyKey: 'once' }
      const first = await link.start(body)
      const again = open(t, transport, { base: app.url })
      t.equal(await again.start(body), first)
      t.strictSame(await all(again.events(first, 0)), await all(link.events(first, 0)))
    })

    await t.test('a key is sent where the server wants one', async t => {
      const app = await build(t, { env: { ...fast, API_KEYS: 'secret' } })
      const keyed = open(t, transport, { base: app.url, key: 'secret' })
      t.match((await all(keyed.events(await keyed.start({ message: 'hi' }), 0))).at(-1), {
        type: 'done',
      })
    })

    await t.test('a key that is wrong is refused', async t => {
      const app = await build(t, { env: { ...fast, API_KEYS: 'secret' } })
      const link = open(t, transport, { base: app.url, key: 'wrong' })
      await t.rejects(link.start({ message: 'hi' }), { name: 'LinkError', code: 'unauthorized' })
      await t.rejects(all(link.events(`gen_${'A'.repeat(22)}`, 0)), { code: 'unauthorized' })
    })

    await t.test('many answers at once come over one link, each its own', async t => {
      const app = await build(t, { env: fast })
      const link = open(t, transport, { base: app.url })
      const counts = [5, 10, 15, 20, 25]
      const texts = await Promise.all(
        counts.map(async count => {
          const generation = await link.start({ message: `count to ${count}` })
          return textOf(await all(link.events(generation, 0)))
        }),
      )
      counts.forEach((count, i) => t.match(texts[i], ` ${count}\n`))
    })
  })
}

void t.test('an answer is the same from every seq on each transport', async t => {
  const app = await build(t, { env: fast })
  const [sse, websocket] = transports.map(name => open(t, name, { base: app.url }))
  if (!sse || !websocket) return
  const generation = await sse.start({ message: 'count to 30' })
  const whole = await all(sse.events(generation, 0))
  for (let after = 0; after <= whole.length; after++) {
    const rest = whole.slice(after)
    t.strictSame(await all(sse.events(generation, after)), rest)
    t.strictSame(await all(websocket.events(generation, after)), rest)
  }
})

void t.test('changing the transport after every batch loses and repeats nothing', async t => {
  const app = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '500' } })
  const links = transports.map(name => open(t, name, { base: app.url }))
  const generation = (await links[0]?.start({ message: 'count to 60' })) ?? ''
  const items: Item[] = []
  for (let turn = 0; items.at(-1)?.type !== 'done'; turn++) {
    for await (const batch of links[turn % 2]?.events(generation, items.length) ?? []) {
      items.push(...batch)
      break
    }
  }
  t.strictSame(
    items.map(({ seq }) => seq),
    upTo(items.length),
  )
  t.strictSame(await all(open(t, 'sse', { base: app.url }).events(generation, 0)), items)
})

for (const transport of transports) {
  void t.test(`${transport}: a server that is killed and comes back`, async t => {
    const folder = await mkdtemp(join(tmpdir(), 'chatai-link-'))
    t.teardown(() => rm(folder, { recursive: true }))
    const env = { STORE: `sqlite:${join(folder, 'chat.db')}`, DEMO_TOKENS_PER_SECOND: '100' }
    const first = await startProcess(env)
    const states: string[] = []
    const link = open(t, transport, { base: first.url, onState: state => void states.push(state) })
    const generation = await link.start({ message: 'count to 300' })
    const items: Item[] = []
    let second: typeof first | undefined
    for await (const batch of link.events(generation, 0)) {
      items.push(...batch)
      if (second || textOf(items).length < 300) continue
      await first.end('SIGKILL')
      second = await startProcess({ ...env, PORT: new URL(first.url).port })
    }
    t.strictSame(
      items.map(({ seq }) => seq),
      upTo(items.length),
    )
    t.match(items.at(-1), { type: 'failed', code: 'interrupted', retryable: true })
    const resumed = states.slice(0, 1).concat(states.at(-1) ?? '')
    t.strictSame(resumed, ['connected', 'connected'])
    t.strictSame(await all(open(t, transport, { base: first.url }).events(generation, 0)), items)
    await second?.end('SIGTERM')
  })
}
