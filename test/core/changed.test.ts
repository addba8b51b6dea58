import t from 'tap'
import { type Changed, changed } from '../../src/core/changed.ts'
import { recover } from '../../src/core/recover.ts'
import { createMemoryStore } from '../../src/stores/memory.ts'
import { conversation, started, turn } from '../support/facts.ts'

const goOn = { model: 'm', params: {}, mode: 'continue' } as const
const restart = { ...goOn, mode: 'restart' } as const
const places = (all: readonly Changed[]): unknown[] => all.map(({ offset, mode }) => [offset, mode])

t.test('of several updates at one place the last counts', async t => {
  const other = { ...goOn, model: 'n' }
  t.same(changed(changed([], goOn, 'one'), other, 'one'), [{ ...other, offset: 3 }])
})

t.test('a restart forgets the places in the text that it drops', async t => {
  const twice = changed(changed([], goOn, 'one'), goOn, 'one two')
  t.same(places(twice), [
    [3, 'continue'],
    [7, 'continue'],
  ])
  const again = changed(twice, restart, 'one two three')
  t.same(places(again), [[0, 'restart']])
  t.same(places(changed(again, goOn, '')), [[0, 'restart']], 'and stays one')
  t.same(places(changed(again, goOn, 'x')), [
    [0, 'restart'],
    [1, 'continue'],
  ])
})

t.test('the latest 64 are kept', async t => {
  let all: readonly Changed[] = []
  for (let i = 1; i <= 100; i++) all = changed(all, goOn, 'x'.repeat(i))
  t.equal(all.length, 64)
  t.equal(all.at(-1)?.offset, 100)
})

t.test('an answer that a crash left open keeps its places', async t => {
  const store = createMemoryStore({ now: () => 1 })
  const answer = turn('t_2', { role: 'assistant', generation: 'gen_a', content: '' })
  await store.conversations.create(conversation('cnv_a'))
  await store.conversations.add('cnv_a', [answer], 1)
  await store.log.create('gen_a', started('cnv_a'))
  await store.log.append('gen_a', [
    { type: 'text', text: 'one' },
    { type: 'updated', ...goOn },
    { type: 'text', text: ' two' },
  ])
  await recover(store)
  const [settled] = await store.conversations.turns('cnv_a')
  t.match(settled, { content: 'one two', changes: [{ offset: 3, model: 'm' }] })
})
