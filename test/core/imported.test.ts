import t from 'tap'

import { type Draft, type DraftTurn, imported } from '../../src/core/imported.ts'

let made = 0
const newId = (kind: string): string => `${kind}_${++made}`
const NOW = 1000

const question = (id: string, parent: string | null = null): DraftTurn => ({
  id,
  parent,
  role: 'user',
  content: id,
  at: 1,
})
const answer = (id: string, parent: string): DraftTurn => ({
  ...question(id, parent),
  role: 'assistant',
})
const draft = (turns: readonly DraftTurn[], rest: Partial<Draft> = {}): Draft => ({
  title: 'Title',
  turns,
  ...rest,
})
const tree = [question('a'), answer('b', 'a'), answer('c', 'a'), question('d', 'b')]

void t.test('a tree keeps its shape under new ids', async t => {
  const { conversation, turns } = imported(draft(tree, { head: 'c' }), newId, NOW)
  const names = new Map(turns.map(({ id, content }) => [id, content]))
  t.strictSame(
    turns.map(({ parent, content }) => [content, parent === null ? null : names.get(parent)]),
    [
      ['a', null],
      ['b', 'a'],
      ['c', 'a'],
      ['d', 'b'],
    ],
  )
  t.equal(names.get(conversation.head ?? ''), 'c')
  t.match(conversation.id, /^cnv_/)
  t.ok(turns.every(({ id }) => id.startsWith('trn_')))
})

void t.test('the last turn is shown where nothing else is said', async t => {
  const { conversation, turns } = imported(draft(tree), newId, NOW)
  t.equal(conversation.head, turns.at(-1)?.id)
})

void t.test('nothing happened later than now, and no change before the beginning', async t => {
  const { at: _, ...timeless } = question('a')
  const times = (rest: Partial<Draft>) => {
    const { conversation, turns } = imported(draft([timeless], rest), newId, NOW)
    return [conversation.createdAt, conversation.updatedAt, turns[0]?.at]
  }
  t.strictSame(times({}), [NOW, NOW, NOW])
  t.strictSame(times({ createdAt: 5, updatedAt: 7 }), [5, 7, NOW])
  t.strictSame(times({ createdAt: 9, updatedAt: 7 }), [9, 9, NOW])
  t.strictSame(times({ createdAt: 2000, updatedAt: 3000 }), [NOW, NOW, NOW])
  t.equal(imported(draft([{ ...question('a'), at: 5000 }]), newId, NOW).turns[0]?.at, NOW)
})

void t.test(
  'what is no tree of questions and answers is refused by the name of the field',
  async t => {
    const refused = (
      turns: readonly DraftTurn[],
      field: string,
      rest: Partial<Draft> = {},
    ): void => {
      const message = new RegExp(`^${field.replaceAll('.', '\\.')} (must|is) .*\\.$`)
      t.throws(() => imported(draft(turns, rest), newId, NOW), { code: 'invalid_request', message })
    }
    refused([question('a'), answer('a', 'a')], 'turns.1.id')
    refused([question('a', 'nobody')], 'turns.0.parent')
    refused([question('a'), answer('b', 'c'), answer('c', 'b')], 'turns.1.parent')
    refused([{ ...answer('a', ''), parent: null }], 'turns.0.parent')
    refused([question('a'), question('b', 'a')], 'turns.1.parent')
    refused([question('a'), answer('b', 'a'), answer('c', 'b')], 'turns.2.parent')
    refused([question('a'), answer('b', 'constructor')], 'turns.1.parent')
    refused(tree, 'head', { head: 'e' })
    const changed = (...offsets: number[]): DraftTurn => ({
      ...answer('b', 'a'),
      content: 'text',
      changes: offsets.map(offset => ({ offset, model: 'm', params: {}, mode: 'continue' })),
    })
    refused([question('a'), changed(0, 5)], 'turns.1.changes.1.offset')
    refused([question('a'), changed(2, 2)], 'turns.1.changes.1.offset')
    t.doesNotThrow(() => imported(draft([question('a'), changed(0, 2, 4)]), newId, NOW))
  },
)
