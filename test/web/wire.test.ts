import t from 'tap'
import { initial, reduce } from '../../web/chat.ts'
import { pinnedAt } from '../../web/pin.ts'
import type { Action, State } from '../../web/state.ts'
import { type WireChange, connectionOf, mark } from '../../web/wire.ts'
import { announcement } from '../../web/views/announce.ts'
import { words } from '../../web/words/words.ts'
import { tongueOf } from '../../web/words/tongue.ts'

const fresh = initial({ language: 'en', transport: 'sse', model: undefined, params: {} })
const run = (state: State, ...actions: readonly Action[]): State => actions.reduce(reduce, state)
const wire = (change: WireChange): Action => ({ type: 'wire', change })
const asked: Action = { type: 'asked', body: { message: 'why?' }, parent: null }

void t.test('the connection is what the last request met, where no answer runs', async t => {
  t.equal(connectionOf(fresh), 'connected')
  const away = run(fresh, wire({ reached: false }))
  t.equal(connectionOf(away), 'offline')
  t.equal(connectionOf(run(away, wire({ reached: true }))), 'connected')
  t.equal(connectionOf(run(fresh, wire({ pulled: true }))), 'resuming', 'it mends by itself')
})

void t.test('the connection is that of the answer while one runs', async t => {
  const writing = run(fresh, asked, { type: 'taken', generation: 'gen_1' })
  t.equal(connectionOf(run(writing, wire({ reached: false }))), 'connected')
  const cut = run(writing, { type: 'connection', connection: 'resuming' })
  t.equal(connectionOf(cut), 'resuming')
})

void t.test('it is noted since when it is so, and how often it came back', async t => {
  const step = (before: State, action: Action, at: number): State =>
    mark(reduce(before, action), before, at)
  const away = step(fresh, wire({ reached: false }), 5)
  t.match(away.wire, { since: 5, reconnects: 0 })
  t.equal(step(away, wire({ reached: false }), 6), away, 'what is no change is none')
  t.match(step(away, wire({ reached: true }), 7).wire, { since: 7, reconnects: 1 })
})

void t.test('a notice that nobody answers goes when somebody does', async t => {
  const notice = { code: 'unreachable', message: '' }
  const away = run(fresh, wire({ reached: false }), { type: 'notice', notice })
  t.equal(run(away, wire({ reached: true })).notice, undefined)
})

void t.test('the end is kept in view until somebody scrolls up', async t => {
  t.equal(pinnedAt({ top: 95, before: 100, gap: 5 }, true), false, 'by the least bit')
  t.equal(pinnedAt({ top: 80, before: 100, gap: 0 }, true), true, 'not if it became shorter')
  t.equal(pinnedAt({ top: 100, before: 100, gap: 300 }, true), true, 'not if it became longer')
  t.equal(pinnedAt({ top: 110, before: 100, gap: 20 }, false), true, 'again near the end')
  t.equal(pinnedAt({ top: 110, before: 100, gap: 90 }, false), false, 'not far from it')
})

void t.test('the answer is said when it is complete, and not before', async t => {
  const say = (state: State): string => announcement(state, words.en)
  const item = (fact: object): Action =>
    ({ type: 'items', items: [{ generation: 'gen_1', ...fact }] }) as unknown as Action
  const writing = run(
    fresh,
    asked,
    { type: 'taken', generation: 'gen_1' },
    item({ seq: 1, type: 'text', text: '## So\n\nIt is *so*: [see](https://example.com).' }),
  )
  t.equal(say(writing), 'Answering…')
  const done = run(writing, item({ seq: 2, type: 'done', reason: 'complete' }))
  t.equal(say(done), 'Answer complete So It is so: see.')
  t.equal(say(run(done, { type: 'open', id: 'cnv_2' })), '', 'once')
  const failed = run(writing, item({ seq: 2, type: 'failed', code: 'internal', message: '' }))
  t.equal(say(failed), '', 'a failure speaks for itself')
})

void t.test('a text is read aloud in its own language', async t => {
  t.equal(tongueOf('你好，world', 'en'), 'zh')
  t.equal(tongueOf('Hello 世界, and more', 'zh'), 'en')
  t.equal(tongueOf('1 2 3', 'zh'), 'zh')
})
