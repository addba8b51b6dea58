import t from 'tap'
import { busy, chosen, differs, initial, reduce } from '../../web/chat.ts'
import { blank, whole } from '../../web/growing.ts'
import type { Item } from '../../web/link/link.ts'
import { phaseOf } from '../../web/live.ts'
import type { Action, Model, State, Turn } from '../../web/state.ts'
import { transcript } from '../../web/transcript.ts'
import { branch, leaf, versions } from '../../web/tree.ts'

const fresh = initial({ language: 'en', transport: 'sse', model: undefined, params: {} })
const run = (state: State, ...actions: readonly Action[]): State => actions.reduce(reduce, state)

const generation = 'gen_1'
const facts = (...list: readonly object[]): Action => ({
  type: 'items',
  items: list.map((fact, i) => ({ generation, seq: i + 1, ...fact })) as Item[],
})
const started = { type: 'started', conversation: 'cnv_1', model: 'demo', params: {}, at: 1 }
const text = (text: string): object => ({ type: 'text', text })
const reasoning = (text: string): object => ({ type: 'reasoning', text })
const done = { type: 'done', reason: 'complete' }
const asked: Action = { type: 'asked', body: { message: 'why?' }, parent: null }
const taken: Action = { type: 'taken', generation }

const user = (id: string, parent: string | null, content = id): Turn => ({
  id,
  parent,
  content,
  role: 'user',
  at: 1,
})
const assistant = (id: string, parent: string, more: object = {}): Turn => ({
  id,
  parent,
  content: '',
  role: 'assistant',
  at: 1,
  generation: `gen_${id}`,
  ...more,
})
const loaded = (turns: readonly Turn[], head: string): Action => ({
  type: 'loaded',
  conversation: {
    id: 'cnv_1',
    title: 'why?',
    createdAt: 1,
    updatedAt: 1,
    head,
    turns: [...turns],
  },
})
const shown = (state: State): string[] =>
  transcript(state).map(({ turn, live }) => whole(live?.text ?? turn.content))

void t.test('a question is shown at once, and its answer as it comes', async t => {
  let state = run({ ...fresh, draft: 'why? ' }, asked)
  t.strictSame(shown(state), ['why?', ''])
  t.equal(state.draft, '', 'the draft was sent')
  t.ok(busy(state))
  t.equal(state.live && phaseOf(state.live), 'connecting')
  state = run(state, taken, facts(started))
  t.equal(state.live && phaseOf(state.live), 'thinking')
  state = run(fresh, asked, taken, facts(started, text('be'), text('cause')))
  t.strictSame(shown(state), ['why?', 'because'])
  t.equal(state.live && phaseOf(state.live), 'answering')
})

void t.test('an ended answer moves into its turn, whichever of the two is first', async t => {
  const turns = [user('q', null, 'why?'), assistant('a', 'q', { generation })]
  const events = facts(started, reasoning('hm'), text('because'), done)
  const before = run(fresh, asked, taken, loaded(turns, 'a'), events)
  const after = run(fresh, asked, taken, events, loaded(turns, 'a'))
  for (const state of [before, after]) {
    t.equal(state.live, undefined)
    t.match(state.turns[1], { content: 'because', reasoning: 'hm', model: 'demo', end: done })
    t.strictSame(shown(state), ['why?', 'because'])
    t.notOk(busy(state))
  }
})

void t.test('a reset and a restart drop the text so far', async t => {
  const reset: Action = { type: 'items', items: [{ type: 'reset', generation, seq: 0 }] }
  const state = run(fresh, asked, taken, facts(started, text('lost')), reset)
  t.match(state.live, { text: blank, seq: 0 })
  const updated = { type: 'updated', model: 'other', params: { temperature: 1 }, mode: 'restart' }
  const restarted = run(fresh, asked, taken, facts(started, text('one'), updated, text('two')))
  t.match(restarted.live, { model: 'other', params: { temperature: 1 } })
  t.strictSame(shown(restarted), ['why?', 'two'])
  const goOn = { ...updated, mode: 'continue' }
  const continued = run(fresh, asked, taken, facts(started, text('one'), goOn, text('two')))
  t.strictSame(shown(continued), ['why?', 'onetwo'])
})

void t.test('a conversation with a live answer is joined from the start of its log', async t => {
  const state = run(fresh, loaded([user('q', null), assistant('a', 'q', { generation })], 'a'))
  t.match(state.live, { generation, seq: 0, text: blank })
  t.ok(busy(state))
})

void t.test('a start that failed keeps the question and says why', async t => {
  const notice = { code: 'unreachable', message: 'no server' }
  const state = run(fresh, asked, { type: 'lost', notice })
  t.strictSame(shown(state), ['why?', ''])
  t.match(state.live?.end, { type: 'failed', code: 'unreachable' })
  t.notOk(busy(state))
})

void t.test('versions are siblings, and one of them leads to its newest leaf', async t => {
  const turns = [
    user('q', null),
    assistant('a1', 'q'),
    user('r', 'a1'),
    assistant('b', 'r'),
    assistant('a2', 'q'),
  ]
  t.strictSame(
    versions(turns, assistant('a2', 'q')).map(({ id }) => id),
    ['a1', 'a2'],
  )
  t.equal(leaf(turns, 'a1'), 'b')
  t.strictSame(
    branch(turns, 'b').map(({ id }) => id),
    ['q', 'a1', 'r', 'b'],
  )
  const ended = turns.map(turn => ({
    ...turn,
    ...(turn.generation && { end: done as Turn['end'] }),
  }))
  const state = run(fresh, loaded(ended as Turn[], 'a2'), { type: 'version', turn: 'a1' })
  t.equal(state.head, 'b')
})

void t.test(
  'an edit is shown in the place of the question, a new answer in that of the old',
  async t => {
    const turns = [user('q', null, 'old?'), assistant('a', 'q', { content: 'old', end: done })]
    const open = run(fresh, loaded(turns, 'a'))
    const edited = run(open, { type: 'asked', body: { edit: 'q', message: 'new?' }, parent: null })
    t.strictSame(shown(edited), ['new?', ''])
    const again = run(open, { type: 'asked', body: { regenerate: 'a' }, parent: 'q' })
    t.strictSame(shown(again), ['old?', ''])
  },
)

void t.test('settings changed during an answer can be applied to it, once', async t => {
  const answering = run(fresh, asked, taken, facts(started))
  t.notOk(differs(answering))
  const tuned = run(answering, { type: 'choose', choices: { params: { temperature: 1 } } })
  t.ok(differs(tuned))
  t.notOk(differs(run(tuned, { type: 'apply', mode: 'continue' })))
  t.notOk(differs(run(answering, { type: 'choose', choices: { language: 'zh' } })))
})

void t.test('the model is the chosen one while it is ready, else the preferred', async t => {
  const model = (id: string, ready: boolean, preferred = false): Model => ({
    id,
    ready,
    preferred,
    label: id,
    provider: id,
    contextWindow: 1,
  })
  const models = [model('a', true), model('b', true, true), model('c', false)]
  const state = run(fresh, { type: 'models', models })
  t.equal(chosen(state), 'b')
  t.equal(chosen(run(state, { type: 'choose', choices: { model: 'a' } })), 'a')
  t.equal(chosen(run(state, { type: 'choose', choices: { model: 'c' } })), 'b')
})

void t.test('conversations are renamed and deleted', async t => {
  const entry = { id: 'cnv_1', title: 'old', createdAt: 1, updatedAt: 1, head: null }
  const list: Action = { type: 'listed', conversations: [entry], next: 'x', after: undefined }
  const listed = run(fresh, list)
  t.match(run(listed, { ...list, after: 'x' }).conversations, [{ id: 'cnv_1' }, { id: 'cnv_1' }])
  const rename: Action = { type: 'rename', edit: { id: 'cnv_1', text: ' new ' } }
  t.match(run(listed, rename, { type: 'retitle' }), {
    conversations: [{ title: 'new' }],
    renaming: undefined,
  })
  const opened = run(listed, { type: 'open', id: 'cnv_1' })
  t.match(run(opened, { type: 'delete', id: 'cnv_1' }), { conversations: [], open: undefined })
})

void t.test('opening another conversation leaves the answer', async t => {
  const state = run(fresh, asked, taken, facts(started, text('x')), { type: 'open', id: 'cnv_2' })
  t.match(state, { live: undefined, turns: [], open: 'cnv_2', loading: true })
})

void t.test('a question that nobody took yet comes back when it is stopped or left', async t => {
  const lost: Action = { type: 'connection', connection: 'offline' }
  const waiting = run(fresh, asked, { type: 'draft', text: 'more' }, lost)
  t.match(run(waiting, { type: 'stop' }), { live: undefined, draft: 'why?\n\nmore' })
  const left = run(waiting, { type: 'open', id: 'cnv_2' })
  t.match(left, { live: undefined, draft: 'why?\n\nmore', connection: 'connected' })
  const edit: Action = { type: 'asked', body: { edit: 'q', message: 'new?' }, parent: null }
  t.match(run(fresh, edit, { type: 'stop' }), { editing: { id: 'q', text: 'new?' }, draft: '' })
  t.match(run(fresh, asked, taken, lost, { type: 'open', id: 'cnv_2' }), { draft: '' })
})
