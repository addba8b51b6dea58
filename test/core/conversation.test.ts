import t from 'tap'

import type { Message, Role } from '../../src/core/chunk.ts'
import { branch, fit, weigh } from '../../src/core/conversation.ts'
import { turn } from '../support/facts.ts'

const ids = (turns: readonly { id: string }[]): string => turns.map(({ id }) => id).join(' ')

void t.test('a branch leads from the root to the head', async t => {
  const turns = [
    turn('q1'),
    turn('a1', { parent: 'q1' }),
    turn('a2', { parent: 'q1' }),
    turn('q2', { parent: 'a1' }),
    turn('q3', { parent: 'a2' }),
    turn('a3', { parent: 'q3' }),
  ]
  t.equal(ids(branch(turns, 'a3')), 'q1 a2 q3 a3')
  t.equal(ids(branch(turns, 'q2')), 'q1 a1 q2')
  t.equal(ids(branch(turns, 'q1')), 'q1')
  t.equal(ids(branch(turns.toReversed(), 'a3')), 'q1 a2 q3 a3', 'in whatever order they come')
})

void t.test('a branch of nothing is empty', async t => {
  t.strictSame(branch([], null), [])
  t.strictSame(branch([turn('q1')], null), [])
  t.strictSame(branch([turn('q1')], 'unknown'), [])
})

void t.test('a branch ends where a parent is missing', async t => {
  t.equal(
    ids(branch([turn('q2', { parent: 'lost' }), turn('a2', { parent: 'q2' })], 'a2')),
    'q2 a2',
  )
})

void t.test('weighs bytes as UTF-8 does', async t => {
  for (const text of [
    '',
    'plain',
    'naïve',
    '漢字',
    '😀 and 👩‍👩‍👧',
    '\u07ff\u0800\uffff',
    '\0\x7f\x80',
  ]) {
    t.equal(weigh(text).bytes, Buffer.byteLength(text), JSON.stringify(text))
  }
})

void t.test('weighs tokens, rather too many than too few', async t => {
  t.equal(weigh('').tokens, 0)
  t.equal(weigh('a').tokens, 1)
  t.equal(weigh('abcd').tokens, 1)
  t.equal(weigh('abcde').tokens, 2)
  t.equal(weigh('漢字').tokens, 2)
  t.equal(weigh('漢字 ab').tokens, 3)
})

/** Messages of 10 tokens each, named by their first letter. */
const messages = (names: string): Message[] =>
  names.split('').map(name => ({ role: roleOf(name), content: name.padEnd(24, '.') }))

const roleOf = (name: string): Role =>
  name === 's' ? 'system' : name === 'a' ? 'assistant' : 'user'

const names = (kept: readonly Message[]): string => kept.map(({ content }) => content[0]).join('')

void t.test('keeps everything that fits, in order', async t => {
  t.equal(names(fit(messages('s1a2'), 40)), 's1a2')
  t.strictSame(fit([], 0), [])
})

void t.test(
  'lets the oldest go first, an answer with its question, but no system message',
  async t => {
    t.equal(names(fit(messages('s1a2a3'), 59)), 's2a3')
    t.equal(names(fit(messages('s1a2a3'), 40)), 's2a3')
    t.equal(names(fit(messages('1as2a3'), 30)), 's3')
    t.equal(names(fit(messages('s1a2a3'), 20)), 's3')
  },
)

void t.test('leaves no hole: what is older than a message that does not fit goes too', async t => {
  const long: Message = { role: 'user', content: 'L'.repeat(400) }
  t.equal(names(fit([...messages('1'), long, ...messages('23')], 60)), '23')
})

void t.test('keeps the last message even when it is too long', async t => {
  t.equal(names(fit(messages('s1a2'), 0)), 's2')
  t.equal(names(fit(messages('1'), -5)), '1')
})
