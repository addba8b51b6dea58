/** Settings belong to a conversation; what was typed or asked there stays there. */
import t from 'tap'
import { chosen, initial, reduce } from '../../web/chat.ts'
import { valueOf } from '../../web/fields.ts'
import { latest } from '../../web/kept.ts'
import type { Item } from '../../web/link/link.ts'
import { sameAgain, wantsNewPlace } from '../../web/retry.ts'
import { changeTo, differs, settingsOf } from '../../web/settings.ts'
import type { Action, Model, State, Turn } from '../../web/state.ts'

const choices = { language: 'en', transport: 'sse', model: undefined, params: {} } as const
const fresh = initial(choices)
const run = (state: State, ...actions: readonly Action[]): State => actions.reduce(reduce, state)

const tune = (params: object): Action => ({ type: 'tune', params })
const model = (id: string): Model => ({
  id,
  label: id,
  ready: true,
  preferred: id === 'a',
  provider: '',
  contextWindow: 1,
})
const models: Action = { type: 'models', models: [model('a'), model('b')] }
const facts = (...list: readonly object[]): Action => ({
  type: 'items',
  items: list.map((fact, i) => ({ generation: 'gen_1', seq: i + 1, ...fact })) as Item[],
})
const started = (model: string, params = {}): object => ({
  type: 'started',
  conversation: 'cnv_1',
  model,
  params,
  at: 1,
})
const done = { type: 'done', reason: 'complete' } as const
const open = (id: string | undefined): Action => ({ type: 'open', id })
const loaded = (id: string, params: object, model = 'b'): Action => ({
  type: 'loaded',
  conversation: {
    id,
    title: '',
    createdAt: 1,
    updatedAt: 1,
    head: 'a',
    turns: [
      { id: 'q', parent: null, role: 'user', content: 'why?', at: 1 },
      { id: 'a', parent: 'q', role: 'assistant', content: '!', at: 1, model, params, end: done },
    ] as Turn[],
  },
})
const asked: Action = { type: 'asked', body: { message: 'why?', model: 'a' }, parent: null }
const taken: Action = { type: 'taken', generation: 'gen_1' }

void t.test('a conversation has the settings of its last answer', async t => {
  const state = run(fresh, models, open('cnv_1'), loaded('cnv_1', { temperature: 0.3, seed: 7 }))
  t.strictSame(settingsOf(state), { model: 'b', params: { temperature: 0.3 } })
  t.equal(chosen(state), 'b')
  const other = run(state, open('cnv_2'), loaded('cnv_2', {}, 'a'))
  t.strictSame(settingsOf(other), { model: 'a', params: {} })
})

void t.test('a change stays with its conversation, and new ones begin with it', async t => {
  const one = run(fresh, models, open('cnv_1'), loaded('cnv_1', {}), tune({ top_p: 0.5 }))
  t.strictSame(settingsOf(one), { model: 'b', params: { top_p: 0.5 } })
  const two = run(one, open('cnv_2'), loaded('cnv_2', { top_p: 0.1 }))
  t.strictSame(settingsOf(two).params, { top_p: 0.1 })
  t.strictSame(settingsOf(run(two, open('cnv_1'))).params, { top_p: 0.5 }, 'also unused')
  t.strictSame(settingsOf(run(two, open(undefined))).params, { top_p: 0.5 })
})

void t.test('once an answer is written with them the server knows them', async t => {
  const tuned = run(fresh, models, tune({ top_p: 0.5 }))
  t.same(Object.keys(tuned.settings), [''])
  const begun = run(tuned, asked, taken, facts(started('a', { top_p: 0.5 })))
  t.strictSame(begun.settings, {})
  t.strictSame(settingsOf(begun), { model: 'a', params: { top_p: 0.5 } })
})

void t.test('what is changed while an answer begins goes along to its conversation', async t => {
  const begun = run(fresh, models, asked, tune({ top_p: 0.5 }), taken, facts(started('a')))
  const state = run(begun, { type: 'opened', id: 'cnv_1' })
  t.match(state.settings, { cnv_1: { params: { top_p: 0.5 } } })
  t.ok(differs(state))
})

void t.test('settings that were taken back differ no more', async t => {
  const live = run(fresh, models, asked, taken, facts(started('a', { top_p: 0.5 })))
  const other = run(live, tune({ top_p: 0.7 }))
  t.ok(differs(other))
  t.notOk(differs(run(other, tune({ top_p: 0.5 }))))
  t.ok(differs(run(live, { type: 'choose', choices: { model: 'b' } })))
  const none = run(live, { type: 'reset' })
  t.ok(differs(none), 'a parameter is left to the model again')
  t.match(changeTo(settingsOf(none).params), { top_p: null, temperature: null })
})

void t.test('a field that makes no sense changes nothing, and is remembered', async t => {
  const wrong = run(fresh, tune({ top_p: 0.5 }), { type: 'mistake', field: 'top_p', text: '7' })
  t.match(wrong, { mistakes: { top_p: '7' } })
  t.strictSame(settingsOf(wrong).params, { top_p: 0.5 })
  t.strictSame(run(wrong, tune({ top_p: 0.6 })).mistakes, {})
  t.strictSame(run(wrong, { type: 'reset' }).mistakes, {})
})

void t.test('numbers within their range', async t => {
  t.equal(valueOf('temperature', ' 0.15 '), 0.15)
  t.equal(valueOf('temperature', ''), undefined)
  for (const text of ['-1', '2.1', 'x', 'NaN'])
    t.ok(Number.isNaN(valueOf('temperature', text)), text)
  for (const text of ['0', '1.5', '1e9']) t.ok(Number.isNaN(valueOf('max_tokens', text)), text)
})

void t.test('drafts stay in their conversations', async t => {
  const typed = run(fresh, { type: 'draft', text: 'new' }, open('cnv_1'))
  t.equal(typed.draft, '')
  const both = run(typed, { type: 'draft', text: 'old' }, open(undefined))
  t.equal(both.draft, 'new')
  t.equal(run(both, { type: 'draft', text: '' }, open('cnv_1')).draft, 'old')
})

const refused: Action = {
  type: 'lost',
  notice: { code: 'rate_limited', message: '', retryAfter: 9 },
}

void t.test('a question that was refused is not lost', async t => {
  const failed = run(fresh, asked, { ...refused, at: 1000 })
  t.match(failed.again, { key: '', at: 10_000 })
  t.equal(run(failed, { type: 'stop' }).draft, 'why?', 'when it is taken back')
  const next: Action = { type: 'asked', body: { message: 'else?' }, parent: null }
  t.equal(run({ ...failed, draft: 'else?' }, next).draft, 'why?', 'when another one is asked')
  const again: Action = { type: 'asked', body: { regenerate: 'a' }, parent: null }
  t.equal(run({ ...failed, draft: 'half' }, again).draft, 'why?\n\nhalf')
  t.equal(run({ ...failed, draft: 'half' }, asked).draft, 'half', 'nor doubled when asked again')
  const gone = run(fresh, open('cnv_1'), asked, refused, { type: 'vacated', id: 'cnv_1' })
  t.match(gone, { open: undefined, draft: 'why?' }, 'when its conversation is gone')
})

void t.test('it is asked again under its key, unless the settings are others by now', async t => {
  const one = { body: { message: 'why?', model: 'a', idempotencyKey: 'k' }, parent: null }
  const newKey = (): string => 'new'
  t.match(sameAgain(one, { model: 'a' }, newKey), { message: 'why?', idempotencyKey: 'k' })
  t.match(sameAgain(one, { model: 'b' }, newKey), { model: 'b', idempotencyKey: 'new' })
  const params = { top_p: 1 }
  t.match(sameAgain(one, { model: 'a', params }, newKey), { params, idempotencyKey: 'new' })
})

void t.test('only what was not found in a conversation wants another place', async t => {
  const body = { message: 'why?', conversation: 'cnv_1' }
  const lost = (code: string): Action => ({ type: 'lost', notice: { code, message: '' } })
  const wants = (code: string): boolean => {
    const { live } = run(fresh, { type: 'asked', body, parent: null }, lost(code))
    return live !== undefined && wantsNewPlace(live)
  }
  t.ok(wants('not_found'))
  t.notOk(wants('conflict'))
})

void t.test('of what is kept the latest stay', async t => {
  t.strictSame(latest({ a: 1, b: 2, c: 3 }, 2), { b: 2, c: 3 })
})
