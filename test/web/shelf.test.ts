import t from 'tap'
import { initial, reduce } from '../../web/chat.ts'
import { stretches } from '../../web/days.ts'
import { pieces } from '../../web/marks.ts'
import { keptOf, shown } from '../../web/shelf.ts'
import type { Action, Conversation, State } from '../../web/state.ts'

const fresh = initial({ language: 'en', transport: 'sse', model: undefined, params: {} })
const run = (state: State, ...actions: readonly Action[]): State => actions.reduce(reduce, state)

const entry = (n: number, title = `title ${n}`): Conversation => ({
  id: `cnv_${n}`,
  title,
  createdAt: 1,
  updatedAt: n,
  head: null,
})
const listed = (
  conversations: readonly Conversation[],
  next?: string,
  after?: string,
): Extract<Action, { type: 'listed' }> => ({ type: 'listed', conversations, next, after, at: 1 })
const found = (
  text: string,
  conversations: readonly Conversation[],
  rest: Partial<Extract<Action, { type: 'found' }>> = {},
): Action => ({
  type: 'found',
  text,
  conversations,
  next: undefined,
  after: undefined,
  doing: 'done',
  ...rest,
})
const ids = (state: State): number[] => shown(state).map(({ updatedAt }) => updatedAt)
const three = run(fresh, listed([entry(3), entry(2), entry(1)]))

void t.test('pages are put together, and a list anew keeps what was loaded beyond it', async t => {
  const first = run(fresh, listed([entry(9), entry(8)], 'a'))
  const second = run(first, listed([entry(7), entry(6)], 'b', 'a'))
  t.strictSame(ids(second), [9, 8, 7, 6])
  t.equal(second.more, 'b')
  const moved = { ...entry(10), id: 'cnv_6' }
  const anew = run(second, listed([moved, entry(9), entry(8, 'renamed')], 'c'))
  t.strictSame(ids(anew), [10, 9, 8, 7], 'one has moved up')
  t.equal(shown(anew)[2]?.title, 'renamed')
  t.equal(anew.more, 'b', 'and it goes on from where it had come to')
  const whole = run(anew, listed([entry(9)]))
  t.strictSame(ids(whole), [9], 'the rest is gone')
  t.equal(whole.more, undefined)
})

void t.test('a conversation that was opened by its address is in the list', async t => {
  const loaded: Action = { type: 'loaded', conversation: { ...entry(1, 'old'), turns: [] } }
  const early = run(fresh, { type: 'open', id: 'cnv_1' }, loaded)
  t.strictSame(ids(early), [1])
  const after = run(early, listed([entry(9), entry(8)], 'next'))
  t.strictSame(ids(after), [9, 8, 1])
  t.equal(after.more, 'next')
  t.strictSame(ids(run(after, listed([entry(7), entry(1)], undefined, 'next'))), [9, 8, 7, 1])
})

void t.test('a deletion can be taken back, and then nothing has changed', async t => {
  const gone = run(three, { type: 'menu', id: 'cnv_2' }, { type: 'delete', id: 'cnv_2' })
  t.strictSame(ids(gone), [3, 1])
  t.match(keptOf(gone), { id: 'cnv_2', title: 'title 2', open: false })
  t.strictSame(ids(run(gone, listed([entry(3), entry(2), entry(1)]))), [3, 1], 'not by a new list')
  t.strictSame(run(gone, { type: 'undelete' }), three)
})

void t.test('the second deletion ends the way back of the first', async t => {
  const both = run(three, { type: 'delete', id: 'cnv_2' }, { type: 'delete', id: 'cnv_3' })
  t.strictSame(ids(both), [1])
  t.equal(keptOf(both)?.id, 'cnv_3')
  const back = run(both, { type: 'undelete' })
  t.strictSame(ids(back), [3, 1])
  t.strictSame(ids(run(back, { type: 'gone', id: 'cnv_2' })), [3, 1])
  t.strictSame(ids(run(back, { type: 'returned', id: 'cnv_2' })), [3, 2, 1], 'it did not go')
})

void t.test('what is let go cannot be brought back, but comes back if it does not go', async t => {
  const left = run(three, { type: 'delete', id: 'cnv_2' }, { type: 'purge' })
  t.equal(keptOf(left), undefined)
  t.strictSame(ids(run(left, { type: 'undelete' })), [3, 1])
  t.strictSame(ids(run(left, { type: 'returned', id: 'cnv_2' })), [3, 2, 1])
  const gone = run(left, { type: 'gone', id: 'cnv_2' })
  t.strictSame(gone.bin, [])
  t.strictSame(ids(gone), [3, 1])
})

void t.test('deleting what is open shows nothing, and remembers that it was open', async t => {
  const state = run(three, { type: 'open', id: 'cnv_2' }, { type: 'panel', panel: 'list' })
  const gone = run(state, { type: 'delete', id: 'cnv_2' })
  t.match(gone, { open: undefined, panel: 'list' })
  t.ok(keptOf(gone)?.open)
  const opened = run(gone, { type: 'open', id: 'cnv_2' })
  t.strictSame(ids(opened), [3, 2, 1], 'who opens it wants it back')
})

void t.test('a search shows what it finds, and the list comes back after it', async t => {
  const searching = run(three, { type: 'search', text: 'x' })
  t.strictSame(ids(searching), [])
  t.equal(searching.search?.doing, 'searching')
  const some = run(searching, found('x', [entry(2)], { next: 'n', doing: 'paused' }))
  t.strictSame(ids(some), [2])
  const more = run(some, found('x', [entry(1)], { after: 'n' }))
  t.strictSame(ids(more), [2, 1])
  t.strictSame(ids(run(more, found('old', [entry(3)]))), [2, 1], 'too late')
  t.strictSame(ids(run(more, { type: 'search', text: 'xy' })), [2, 1], 'until there is better')
  t.strictSame(ids(run(more, { type: 'search', text: ' ' })), [3, 2, 1], 'blank is no search')
  t.strictSame(run(more, { type: 'search', text: '' }), three)
})

void t.test('what is found is renamed and deleted, too', async t => {
  const state = run(three, { type: 'search', text: 'x' }, found('x', [entry(2), entry(1)]))
  const edit = { id: 'cnv_2', text: ' new ' }
  const renamed = run(state, { type: 'rename', edit }, { type: 'retitle' })
  t.match(shown(renamed), [{ title: 'new' }, {}])
  t.match(run(renamed, { type: 'search', text: '' }).conversations[1], { title: 'new' })
  const blank = run(state, { type: 'rename', edit: { id: 'cnv_2', text: ' ' } })
  t.match(shown(run(blank, { type: 'retitle' })), [{ title: 'title 2' }, {}])
  const gone = run(state, { type: 'delete', id: 'cnv_2' })
  t.strictSame(ids(gone), [1])
  t.strictSame(ids(run(gone, { type: 'gone', id: 'cnv_2' })), [1])
})

void t.test('a notice is not hidden by the list over the page', async t => {
  const state = run(three, { type: 'panel', panel: 'list' })
  const notice = { code: 'internal', message: 'x' }
  t.match(run(state, { type: 'notice', notice }), { panel: 'none', notice })
  t.match(run(state, { type: 'notice', notice: undefined }), { panel: 'list' })
})

void t.test('days are counted by the calendar', async t => {
  const at = (...date: [number, number, number, number?, number?]): number =>
    new Date(...date).getTime()
  const now = at(2026, 2, 30, 0, 30)
  const days = [
    at(2026, 2, 31),
    at(2026, 2, 30, 0, 0),
    at(2026, 2, 29, 23, 59),
    at(2026, 2, 29, 0, 0),
    at(2026, 2, 28, 23, 59),
    at(2026, 2, 23),
    at(2026, 2, 22),
    at(2026, 1, 28),
    at(2026, 1, 27),
    at(2026, 1, 1),
    at(2026, 0, 31),
    at(2025, 0, 31),
  ]
  const list = days.map((updatedAt, i) => ({ ...entry(i), updatedAt }))
  const groups = stretches(list, now).map(({ name, conversations }) => [
    typeof name === 'string' ? name : `${name.getFullYear()}-${name.getMonth() + 1}`,
    conversations.length,
  ])
  t.strictSame(groups, [
    ['today', 2],
    ['yesterday', 2],
    ['week', 2],
    ['thirty', 2],
    ['2026-2', 2],
    ['2026-1', 1],
    ['2025-1', 1],
  ])
  t.strictSame(stretches([], now), [])
})

void t.test('a hit is marked wherever it stands, whatever it is made of', async t => {
  const marked = (text: string, search: string): string =>
    pieces(text, search)
      .map(({ text, hit }) => (hit ? `<${text}>` : text))
      .join('')
  t.equal(marked('Bread and bReAd', 'bread'), '<Bread> and <bReAd>')
  t.equal(marked('ÜBER Οδυσσέας', 'über'), '<ÜBER> Οδυσσέας')
  t.equal(marked('杭州天气', ' 州天 '), '杭<州天>气')
  t.equal(marked('50% (a|b) [x] \\n', '(a|b) ['), '50% <(a|b) [>x] \\n')
  t.equal(marked('text', ''), 'text')
  t.equal(marked('text', 'other'), 'text')
})
