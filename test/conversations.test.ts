/** Several turns: context, versions, and the routes of the conversations. */
import t, { type Test } from 'tap'
import type { ConversationPage, ConversationWithTurns } from '../src/transports/views.ts'
import { build } from './support/app.ts'
import { chunks, head, never, reply, say } from './support/script.ts'
import { startUpstream } from './support/upstream.ts'
import { sseWire } from './support/wire-sse.ts'
import { storeOf } from './transports/scene.ts'
import { rest, upTo } from './support/wire.ts'

interface Asked {
  readonly messages: { role: string; content: string }[]
}

async function scene(t: Test, entry: object = {}) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, entry })
  const wire = sseWire(app.url)
  const api = `${app.url}/api/ai/chat/conversations`
  return {
    upstream,
    wire,
    api,
    /** The conversation of a finished start. */
    async say(body: object): Promise<string> {
      const [first] = await rest(await wire.start(body))
      return first?.event.type === 'started' ? String(first.event.conversation) : ''
    },
    async get(id: string): Promise<ConversationWithTurns> {
      return (await fetch(`${api}/${id}`)).json() as Promise<ConversationWithTurns>
    },
    patch: (id: string, change: object) =>
      fetch(`${api}/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change),
      }),
    asked: (): string[] | undefined =>
      (upstream.requests.at(-1)?.json as Asked | undefined)?.messages.map(
        ({ role, content }) => `${role}: ${content}`,
      ),
  }
}

t.test('sends the turns so far, system message first', async t => {
  const { say, asked } = await scene(t)
  const conversation = await say({ message: 'one?' })
  await say({ message: 'two?', conversation, params: { system: 'Be brief.' } })
  t.same(asked(), ['system: Be brief.', 'user: one?', 'assistant: Hello world', 'user: two?'])
})

t.test('drops the oldest turns that do not fit the window, never the system message', async t => {
  const { say, asked } = await scene(t, { contextWindow: 256 })
  const conversation = await say({ message: `old ${'x'.repeat(400)}` })
  await say({ message: `newer ${'x'.repeat(400)}`, conversation })
  await say({ message: 'now?', conversation, params: { system: 'Be brief.' } })
  t.same(
    asked()?.map(line => line.slice(0, 12)),
    ['system: Be b', 'user: newer ', 'assistant: H', 'user: now?'],
  )
})

t.test('regenerates an answer beside the first, and asks the same again', async t => {
  const { say: ask, get, asked, upstream } = await scene(t)
  const conversation = await ask({ message: 'one?' })
  const [question, answer] = (await get(conversation)).turns
  upstream.play(...say('Another'))
  await ask({ conversation, regenerate: answer?.id })
  t.same(asked(), ['user: one?'])
  const { turns, head } = await get(conversation)
  t.same(
    turns.map(({ content }) => content),
    ['one?', 'Hello world', 'Another'],
  )
  t.equal(turns[2]?.parent, question?.id)
  t.equal(head, turns[2]?.id)
})

t.test('edits a question into a version of its own', async t => {
  const { say, get, asked } = await scene(t)
  const conversation = await say({ message: 'one?' })
  await say({ message: 'two?', conversation })
  const { turns } = await get(conversation)
  await say({ message: 'TWO?', conversation, edit: turns[2]?.id })
  t.same(asked(), ['user: one?', 'assistant: Hello world', 'user: TWO?'])
  const edited = await get(conversation)
  t.equal(edited.turns[4]?.parent, turns[1]?.id)
  t.equal(edited.turns.length, 6)
})

t.test('goes on from the version that was chosen', async t => {
  const { say, get, asked, patch } = await scene(t)
  const conversation = await say({ message: 'one?' })
  const [question, answer] = (await get(conversation)).turns
  await say({ message: 'ONE?', conversation, edit: question?.id })
  t.equal((await patch(conversation, { head: answer?.id })).status, 200)
  await say({ message: 'two?', conversation })
  t.same(asked(), ['user: one?', 'assistant: Hello world', 'user: two?'])
})

t.test('refuses what names the wrong turn', async t => {
  const { say, get, wire } = await scene(t)
  const conversation = await say({ message: 'one?' })
  const [, answer] = (await get(conversation)).turns
  const unknown = `trn_${'x'.repeat(22)}`
  await t.rejects(wire.start({ message: 'x', conversation, edit: answer?.id }), {
    code: 'invalid_request',
  })
  await t.rejects(wire.start({ conversation, regenerate: unknown }), { code: 'not_found' })
  await t.rejects(wire.start({ regenerate: answer?.id }), { code: 'invalid_request' })
  await t.rejects(wire.start({ message: 'x', conversation, regenerate: answer?.id }), {
    code: 'invalid_request',
  })
})

t.test('keeps what a failed answer said, and leaves an empty one out of the context', async t => {
  const { say, get, asked, upstream } = await scene(t)
  upstream.play(reply(401, {}))
  const conversation = await say({ message: 'one?' })
  t.match((await get(conversation)).turns[1], { content: '', end: { code: 'provider_rejected' } })
  await say({ message: 'two?', conversation })
  t.same(asked(), ['user: one?', 'user: two?'])
})

t.test('a stateless start sends its messages and opens no conversation', async t => {
  const { wire, asked, api } = await scene(t)
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'one?' },
  ]
  const [first] = await rest(await wire.start({ messages }))
  t.match(first?.event, { type: 'started', conversation: null })
  t.same(asked(), ['system: Be brief.', 'user: one?'])
  t.same(((await (await fetch(api)).json()) as ConversationPage).conversations, [])
})

t.test('lists newest first, page by page', async t => {
  const { say, api } = await scene(t)
  const ids = []
  for (let i = 0; i < 5; i++) ids.push(await say({ message: `question ${i}` }))
  const listed: string[] = []
  let next: string | undefined = ''
  while (next !== undefined) {
    const after = next === '' ? '' : `&after=${encodeURIComponent(next)}`
    const page = (await (await fetch(`${api}?limit=2${after}`)).json()) as ConversationPage
    listed.push(...page.conversations.map(({ id }) => id))
    next = page.next
  }
  t.same(listed, ids.toReversed())
})

t.test('finds what was asked and answered, and the titles, page by page', async t => {
  const { say: ask, api, upstream, patch } = await scene(t)
  upstream.always(...say('今天杭州', '天气很好。'))
  const ids: string[] = []
  for (const message of ['Bread', 'BREAD?', 'breadth']) ids.push(await ask({ message }))
  await patch(ids[0] ?? '', { title: 'ÄPFEL' })
  const find = async (query: Record<string, string>) => {
    const response = await fetch(`${api}?${new URLSearchParams(query)}`)
    return { status: response.status, ...((await response.json()) as ConversationPage) }
  }
  const found = async (search: string): Promise<(string | undefined)[]> =>
    (await find({ search })).conversations.map(({ title }) => title)
  t.same(await found('bread'), ['breadth', 'BREAD?', 'ÄPFEL'])
  t.same(await found(' äpfel '), ['ÄPFEL'])
  t.same(await found('%'), [])
  const { conversations, next } = await find({ search: '州天', limit: '2' })
  t.match(conversations, [{ title: 'breadth', excerpt: '今天杭州天气很好。' }, { title: 'BREAD?' }])
  const rest = await find({ search: '州天', limit: '2', after: String(next) })
  t.match(rest, { conversations: [{ title: 'ÄPFEL' }], next: undefined })
  for (const search of ['', '  ']) t.equal((await found(search)).length, 3, 'that is no search')
  const first = (await find({})).conversations[0]
  t.notOk(first && 'excerpt' in first)
  t.equal((await find({ search: 'x'.repeat(201) })).status, 400)
  t.equal((await find({ search: 'x', after: 'y' })).status, 400)
})

t.test('takes its title from the first message, until it is renamed', async t => {
  const { say, get, patch } = await scene(t)
  const conversation = await say({ message: `  👩‍👩‍👧‍👦${'好'.repeat(100)}\nsecond line` })
  t.equal((await get(conversation)).title, `👩‍👩‍👧‍👦${'好'.repeat(59)}…`)
  t.match(await (await patch(conversation, { title: 'Mine' })).json(), { title: 'Mine' })
  for (const bad of [
    {},
    { title: '' },
    { title: 1 },
    { surprise: 1 },
    { title: 'x'.repeat(201) },
  ]) {
    t.equal((await patch(conversation, bad)).status, 400)
  }
  t.equal((await patch(conversation, { head: `trn_${'x'.repeat(22)}` })).status, 404)
})

t.test('deletes the conversation with its live answer and its logs', async t => {
  const { wire, get, api, upstream } = await scene(t)
  upstream.play(head(), chunks({ content: 'half' }), never)
  const reader = await wire.start({ message: 'x' })
  const [first] = await upTo(reader, 'text')
  const conversation = first?.event.type === 'started' ? String(first.event.conversation) : ''
  t.equal((await fetch(`${api}/${conversation}`, { method: 'DELETE' })).status, 204)
  await upstream.drained()
  t.match(await get(conversation), { error: { code: 'not_found' } })
  await t.rejects(wire.attach(reader.generation), { code: 'not_found' })
  t.equal((await fetch(`${api}/${conversation}`, { method: 'DELETE' })).status, 404)
})

t.test('deleting and starting at once leave nothing half done', async t => {
  for (const STORE of ['memory', storeOf(t, 'sqlite')]) {
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream, env: { STORE } })
    for (let i = 0; i < 20; i++) {
      const first = await app.chat.start({ message: 'x' })
      const id = String((await app.chat.generation(first)).conversation)
      await app.chat.stop(first)
      const start = { message: 'y', conversation: id, claim: { key: `k${i}`, digest: 'd' } }
      const acts = [() => app.chat.start(start), () => app.chat.remove(id)]
      const done = await Promise.allSettled((i % 2 ? acts : acts.toReversed()).map(act => act()))
      const started = done.find(
        ({ status, ...rest }) => status === 'fulfilled' && 'value' in rest && rest.value,
      )
      if (started === undefined) continue
      // Whoever came first won: an answer that was started ends or was taken along, never hangs.
      await app.chat.remove(id).catch(() => undefined)
    }
    t.equal(app.chat.live, 0)
    await upstream.drained(0)
    await app.server.close()
  }
})
