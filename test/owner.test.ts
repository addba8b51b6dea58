/** What belongs to one key does not exist for another: on every route, both transports, both stores. */
import t, { type Test } from 'tap'
import type { ConversationPage, Generation } from '../src/transports/views.ts'
import { build } from './support/app.ts'
import { keepLog } from './support/log.ts'
import { chunks, head, never } from './support/script.ts'
import { startUpstream } from './support/upstream.ts'
import { sseWire } from './support/wire-sse.ts'
import { connect, websocketWire } from './support/wire-websocket.ts'
import { type Wire, rest, take, upTo } from './support/wire.ts'
import { refused, storeOf } from './transports/scene.ts'

const KEYS = 'ada:key-of-ada,key-of-bob'

async function scene(t: Test, STORE: string) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env: { STORE, API_KEYS: KEYS } })
  const by = (key: string) => ({
    wires: [sseWire(app.url, key), websocketWire(t, app.url, key)] as const,
    ask: (path: string, init: { method?: string; headers?: object; body?: object } = {}) =>
      fetch(`${app.url}/api/ai/chat/${path}`, {
        method: init.method ?? 'GET',
        headers: {
          authorization: `Bearer ${key}`,
          ...(init.body && { 'content-type': 'application/json' }),
          ...init.headers,
        },
        body: init.body === undefined ? null : JSON.stringify(init.body),
      }),
  })
  return { app, upstream, ada: by('key-of-ada'), bob: by('key-of-bob') }
}

/** A generation that is being written, and its conversation. */
async function write(wire: Wire) {
  const reader = await wire.start({ message: 'mine', idempotencyKey: 'k' })
  const [started] = await upTo(reader, 'text')
  const conversation = started?.event.type === 'started' ? String(started.event.conversation) : ''
  return { reader, conversation }
}

for (const store of ['memory', 'sqlite'] as const) {
  t.test(`${store}: another's answer and conversation are not found, live and ended`, async t => {
    const { app, upstream, ada, bob } = await scene(t, storeOf(t, store))
    upstream.play(head(), chunks({ content: 'half' }), never)
    const { reader, conversation } = await write(ada.wires[0])
    const { generation } = reader
    const own = await ada.ask(`conversations/${conversation}`)
    const { turns } = (await own.json()) as { turns: { id: string }[] }
    const [question, answer] = turns.map(({ id }) => id)

    async function strange(): Promise<void> {
      for (const wire of bob.wires) {
        await refused(t, wire.attach(generation), 'not_found')
        await refused(t, wire.attach(generation, 1), 'not_found')
        await refused(t, wire.attach(generation, 999), 'not_found')
        await refused(t, wire.stop(generation), 'not_found')
        await refused(t, wire.update(generation, { mode: 'restart' }), 'not_found')
        await refused(t, wire.start({ message: 'x', conversation }), 'not_found')
        await refused(t, wire.start({ conversation, regenerate: answer }), 'not_found')
        await refused(t, wire.start({ message: 'x', conversation, edit: question }), 'not_found')
      }
      const resume = { headers: { 'last-event-id': `${generation}:1` } }
      const requests = [
        bob.ask(`generations/${generation}`),
        bob.ask('sse', resume),
        bob.ask('sse', { ...resume, method: 'POST', body: { message: 'x' } }),
        bob.ask(`conversations/${conversation}`),
        bob.ask(`conversations/${conversation}`, { method: 'PATCH', body: { title: 'x' } }),
        bob.ask(`conversations/${conversation}`, { method: 'DELETE' }),
      ]
      const missing = await bob.ask(`generations/gen_${'x'.repeat(22)}`)
      const nothing = await missing.text()
      for (const response of await Promise.all(requests)) {
        t.equal(response.status, 404, response.url)
        const text = await response.text()
        if (response.url.includes('/generations/')) t.equal(text, nothing, 'as if it never was')
      }
      for (const path of ['conversations', 'conversations?search=mine']) {
        const page = (await (await bob.ask(path)).json()) as ConversationPage
        t.same(page.conversations, [], path)
      }
    }
    await strange()
    const line = await connect(t, app.url, 'key-of-bob')
    await t.rejects(line.command({ type: 'detach', generation }), { code: 'not_found' })

    const live = (await (await ada.ask(`generations/${generation}`)).json()) as Generation
    t.equal(live.status, 'streaming', 'nobody has touched it')
    await ada.wires[1].stop(generation)
    await rest(reader)
    await strange()
    for (const wire of ada.wires) t.ok((await rest(await wire.attach(generation))).length > 2)
    t.equal((await ada.ask(`conversations/${conversation}`, { method: 'DELETE' })).status, 204)
  })

  t.test(`${store}: an idempotency key is one owner's, on either transport`, async t => {
    const { ada, bob } = await scene(t, storeOf(t, store))
    const body = { message: 'the same', idempotencyKey: 'k' }
    const ids = []
    for (const wire of [...ada.wires, ...bob.wires]) {
      const reader = await wire.start(body)
      await rest(reader)
      ids.push(reader.generation)
    }
    t.equal(ids[0], ids[1], 'again is the same')
    t.equal(ids[2], ids[3])
    t.not(ids[0], ids[2], 'and another’s is another')
  })
}

t.test(
  'a key that changes under its name keeps what it made; one without a name does not',
  async t => {
    const STORE = storeOf(t, 'sqlite')
    const statuses = async (
      API_KEYS: string,
      keys: string[],
      paths: string[],
    ): Promise<number[]> => {
      const { url, server } = await build(t, { env: { STORE, API_KEYS } })
      const asked = keys.map(async (key, i) => {
        const headers = { authorization: `Bearer ${key}` }
        return (await fetch(`${url}/api/ai/chat/conversations/${paths[i]}`, { headers })).status
      })
      const all = await Promise.all(asked)
      await server.close()
      return all
    }
    const first = await build(t, { env: { STORE, API_KEYS: 'ada:old,plain' } })
    const paths: string[] = []
    for (const key of ['old', 'plain']) {
      const [started] = await take(await sseWire(first.url, key).start({ message: 'x' }), 1)
      paths.push(String(Reflect.get(started?.event ?? {}, 'conversation')))
    }
    await first.server.close()
    const both = 'other,plain,ada:new,ada:old'
    t.same(await statuses(both, ['new', 'old'], [paths[0] ?? '', paths[0] ?? '']), [200, 200])
    t.same(await statuses(both, ['plain', 'other'], [paths[1] ?? '', paths[1] ?? '']), [200, 404])
    t.same(await statuses('plain2', ['plain2', 'plain2'], paths), [404, 404])
  },
)

t.test('an id is 128 bits of chance, and no two are alike', async t => {
  const { app, ada } = await scene(t, 'memory')
  const ids = new Set<string>()
  for (let i = 0; i < 50; i++) {
    const reader = await ada.wires[0].start({ message: 'x' })
    const [started] = await rest(reader)
    const conversation = String(Reflect.get(started?.event ?? {}, 'conversation'))
    for (const id of [reader.generation, conversation]) {
      t.equal(Buffer.from(id.slice(4), 'base64url').length, 16)
      // What two ids have in common tells nothing of a third: not even their beginnings.
      ids.add(id.slice(4, 12))
    }
  }
  t.equal(ids.size, 100)
  t.equal(app.chat.live, 0)
})

t.test('what was made without a key is nobody’s until KEYLESS_HEIR says whose', async t => {
  const STORE = storeOf(t, 'sqlite')
  const count = async (env: Record<string, string>, key?: string): Promise<[number, string]> => {
    const { logTo, logged } = keepLog()
    const app = await build(t, { logTo, env: { STORE, LOG_LEVEL: 'warn', ...env } })
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
    const response = await fetch(`${app.url}/api/ai/chat/conversations`, { headers })
    const { conversations } = (await response.json()) as ConversationPage
    await app.server.close()
    return [conversations.length, logged()]
  }
  const open = await build(t, { env: { STORE } })
  await take(await sseWire(open.url).start({ message: 'x' }), 1)
  await open.server.close()
  const [seen, warning] = await count({ API_KEYS: 'ada:one,two' }, 'one')
  t.equal(seen, 0)
  t.match(warning, /KEYLESS_HEIR/)
  t.equal((await count({}))[0], 1, 'without keys it is there again')
  await t.rejects(count({ API_KEYS: 'ada:one', KEYLESS_HEIR: 'eve' }), {
    message: /KEYLESS_HEIR names eve/,
  })
  const [adopted, quiet] = await count({ API_KEYS: 'ada:one,two', KEYLESS_HEIR: 'ada' }, 'one')
  t.equal(adopted, 1)
  t.notMatch(quiet, /KEYLESS_HEIR/)
  t.equal((await count({ API_KEYS: 'ada:one,two' }, 'two'))[0], 0)
  t.equal((await count({}))[0], 0, 'for good')
})
