/** Conversations that come in as files: what is kept, what is refused, and how they go on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ConversationFile } from '../src/transports/conversation-file.ts'
import type { ConversationPage, ConversationWithTurns } from '../src/transports/views.ts'
import { exported } from '../web/export-json.ts'
import { build } from './support/app.ts'
import { say } from './support/script.ts'
import { startUpstream } from './support/upstream.ts'
import { rest } from './support/wire.ts'
import { sseWire } from './support/wire-sse.ts'

const DAY = 86_400_000

async function scene(t: Test, env: Record<string, string> = {}) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env })
  const api = `${app.url}/api/ai/chat/conversations`
  const headers = { 'content-type': 'application/json' }
  return {
    upstream,
    api,
    wire: sseWire(app.url),
    post: (body: unknown) =>
      fetch(api, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async get(id: string): Promise<ConversationWithTurns> {
      return (await fetch(`${api}/${id}`)).json() as Promise<ConversationWithTurns>
    },
  }
}

/** Two versions of an answer, one of which failed, and what a turn can hold. */
const file = {
  format: 'chatai.conversation',
  version: 1,
  title: 'Bread, 面包',
  createdAt: Date.now() - 40 * DAY,
  updatedAt: Date.now() - 39 * DAY,
  head: 'a1',
  turns: [
    { id: 'q1', parent: null, role: 'user', content: 'Why?\0 \ud83d', at: 5 },
    {
      id: 'a1',
      parent: 'q1',
      role: 'assistant',
      content: '```\nso\n```',
      at: 6,
      model: 'gone-model',
      params: { temperature: 0.3, stop: ['x'], system: 'Be brief.' },
      reasoning: 'Hm.',
      usage: { input: 3, output: 2, estimated: true },
      changes: [{ offset: 4, model: 'other', params: {}, mode: 'continue' }],
      end: { type: 'done', reason: 'stopped', by: 'client' },
    },
    {
      id: 'a2',
      parent: 'q1',
      role: 'assistant',
      content: '',
      at: 7,
      end: { type: 'failed', code: 'provider_timeout', message: 'Slow.', retryable: true },
    },
  ],
} as const

/** A file with names of its own order in the place of ids, as they are made anew. */
function nameless(text: string): unknown {
  const { turns, head, ...rest } = JSON.parse(text) as ConversationFile
  const names = new Map(turns.map(({ id }, i) => [id, `#${i}`]))
  return {
    ...rest,
    head: names.get(head ?? ''),
    turns: turns.map(turn => ({
      ...turn,
      id: names.get(turn.id),
      parent: turn.parent && names.get(turn.parent),
    })),
  }
}

for (const store of ['memory', 'sqlite']) {
  t.test(`${store}: what is exported comes in again as the same, but for its ids`, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'chatai-import-'))
    t.teardown(() => rmSync(folder, { recursive: true }))
    const STORE = store === 'memory' ? store : `sqlite:${join(folder, 'chat.db')}`
    const { post, get, api } = await scene(t, { STORE })
    const response = await post(file)
    t.equal(response.status, 201)
    const made = (await response.json()) as ConversationWithTurns
    t.equal(response.headers.get('location'), `/api/ai/chat/conversations/${made.id}`)
    const kept = await get(made.id)
    t.strictSame(kept, made)
    const first = exported(kept)
    t.strictSame(nameless(first), nameless(JSON.stringify(file)))
    const again = (await (await post(first)).json()) as ConversationWithTurns
    t.strictSame(nameless(exported(again)), nameless(first))
    const ids = [made, again].flatMap(({ id, turns }) => [id, ...turns.map(turn => turn.id)])
    t.equal(new Set(ids).size, ids.length, 'no id twice')
    const page = (await (await fetch(api)).json()) as ConversationPage
    t.equal(page.conversations.length, 2)
  })
}

t.test('an imported conversation is gone on with like any other', async t => {
  const { post, get, wire, upstream, api } = await scene(t)
  const { id, turns } = (await (await post(file)).json()) as ConversationWithTurns
  const [question, answer] = turns
  const asked = (): unknown => Reflect.get(upstream.requests.at(-1)?.json ?? {}, 'messages')
  upstream.always(...say('Indeed'))
  await rest(await wire.start({ conversation: id, message: 'And?' }))
  t.match(asked(), [{ role: 'user' }, { content: '```\nso\n```' }, { content: 'And?' }])
  await rest(await wire.start({ conversation: id, regenerate: answer?.id }))
  t.match(asked(), [{ role: 'user' }])
  await rest(await wire.start({ conversation: id, edit: question?.id, message: 'How?' }))
  t.match(asked(), [{ content: 'How?' }])
  const after = await get(id)
  t.equal(after.turns.length, 8)
  t.equal(after.turns.at(-1)?.content, 'Indeed')
  t.ok(after.updatedAt > file.updatedAt, 'and is among the new ones again')
  t.equal((await fetch(`${api}/${id}`, { method: 'DELETE' })).status, 204)
})

t.test('a file that is wrong is refused by the name of the field', async t => {
  const { post, api } = await scene(t)
  const [question, answer] = file.turns
  const turns = (...turns: readonly object[]): object => ({ ...file, head: undefined, turns })
  const usage = { input: 1, output: 1, estimated: false, cost: 1 }
  const wrong: [RegExp, object][] = [
    [/^The body needs the field format\.$/, {}],
    [/^format in the body must be one of chatai\.conversation\.$/, { ...file, format: 'other' }],
    [/^version in the body must be 1\.$/, { ...file, version: 2 }],
    [/^title in the body must be a text\.$/, { ...file, title: 1 }],
    [/^title in the body must not be longer than 200 /, { ...file, title: 'x'.repeat(201) }],
    [/^createdAt in the body must be >= 0\.$/, { ...file, createdAt: -1 }],
    [/^updatedAt in the body must be <= 8640000000000000\.$/, { ...file, updatedAt: 1e16 }],
    [/^updatedAt in the body must be a whole number\.$/, { ...file, updatedAt: 1.5 }],
    [/^Unknown field "colour" in the body\.$/, { ...file, colour: 'red' }],
    [/^turns in the body must have at least 1 entries\.$/, turns()],
    [/^turns in the body must not have more than 2000 /, turns(...Array(2001).fill(question))],
    [
      /^turns\.0\.role in the body must be one of user, assistant/,
      turns({ ...question, role: 'x' }),
    ],
    [/^turns\.1\.params\.top_p in the body/, turns(question, { ...answer, params: { top_p: 3 } })],
    [/"turns\.1\.usage\.cost" in the body/, turns(question, { ...answer, usage })],
    [/"turns\.0\.generation" in the body/, turns({ ...question, generation: 'gen_x' })],
    [/^turns\.0\.id in the body is not of the form/, turns({ ...question, id: 'a b' })],
    [
      /^turns\.1\.parent must be the id of a turn before/,
      turns(question, { ...answer, parent: 'x' }),
    ],
    [/^head must be the id of one of the turns\.$/, { ...file, head: 'nobody' }],
  ]
  for (const [message, body] of wrong) {
    const response = await post(body)
    t.equal(response.status, 400)
    t.match(await response.json(), { error: { code: 'invalid_request', message } })
  }
  t.match(await (await post('{')).json(), { error: { message: /body is not JSON/ } })
  const page = (await (await fetch(api)).json()) as ConversationPage
  t.strictSame(page.conversations, [], 'and nothing of it is kept')
})

t.test('an end that is none is refused by the name of what is wrong with it', async t => {
  const { post } = await scene(t)
  const [question, answer] = file.turns
  const failed = { type: 'failed', code: 'internal', message: 'x', retryable: false }
  const wrong: [RegExp, object][] = [
    [/^turns\.1\.end\.reason in the body must be one of/, { type: 'done', reason: 'bored' }],
    [/^turns\.1\.end\.code in the body must be one of/, { ...failed, code: 'odd' }],
    [/^turns\.1\.end\.retryable in the body must be true or false/, { ...failed, retryable: 1 }],
    [/^turns\.1\.end in the body is none of the forms/, { type: 'unheard' }],
    [/^turns\.1\.end in the body is none of the forms/, { ...failed, extra: 1 }],
    [/^turns\.1\.end in the body is none of the forms/, {}],
  ]
  for (const [message, end] of wrong) {
    const turns = [question, { ...answer, end }]
    const response = await post({ ...file, head: undefined, turns })
    t.match(await response.json(), { error: { code: 'invalid_request', message } })
  }
  const nobody = { ...answer, end: { type: 'done', reason: 'stopped' } }
  const response = await post({ ...file, head: undefined, turns: [question, nobody] })
  const made = (await response.json()) as ConversationWithTurns
  t.strictSame(made.turns[1]?.end, { type: 'done', reason: 'stopped', by: 'client' })
})

t.test('the server says how much it takes, and takes no more', async t => {
  const { post, api } = await scene(t, { MAX_BODY_BYTES: '1000', MAX_IMPORT_BYTES: '3000' })
  const models = await (await fetch(api.replace('chat/conversations', 'models'))).json()
  t.match(models, { limits: { bodyBytes: 1000, importBytes: 3000 } })
  const [question] = file.turns
  const sized = (length: number) =>
    post({ ...file, head: undefined, turns: [{ ...question, content: 'x'.repeat(length) }] })
  t.equal((await sized(2000)).status, 201)
  const response = await sized(3000)
  t.equal(response.status, 413)
  t.match(await response.json(), { error: { code: 'too_large', message: /than the 3000 bytes/ } })
})

t.test('imports count as starts do, and need the same key', async t => {
  const { post, api } = await scene(t, { RATE_LIMIT_PER_MINUTE: '1', API_KEYS: 'secret' })
  t.equal((await post(file)).status, 401)
  const headers = { 'content-type': 'application/json', authorization: 'Bearer secret' }
  const init = { method: 'POST', headers, body: JSON.stringify(file) }
  t.equal((await fetch(api, init)).status, 201)
  t.equal((await fetch(api, init)).status, 429)
  const foreign = { ...init, headers: { ...headers, origin: 'https://evil.example' } }
  t.equal((await fetch(api, foreign)).status, 403)
})

t.test('a title is never longer than one that can be imported', async t => {
  const { wire, api, post, get } = await scene(t)
  const family = '👩‍👩‍👧‍👦'
  await rest(await wire.start({ message: family.repeat(60) }))
  const page = (await (await fetch(api)).json()) as ConversationPage
  const [made] = page.conversations
  t.equal(made?.title, `${family.repeat(18)}…`)
  t.equal((await post(exported(await get(made?.id ?? '')))).status, 201)
})
