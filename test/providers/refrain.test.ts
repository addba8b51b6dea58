/** Events that repeat but for their piece are understood without being parsed, and no others. */
import t from 'tap'
import type { Chunk } from '../../src/core/chunk.ts'
import { createDecoder } from '../../src/providers/decoder.ts'
import { createRefrain } from '../../src/providers/refrain.ts'
import { randomFrom } from '../support/random.ts'
import { DONE, chunk } from '../support/script.ts'

const event = (content: string, more: object = {}): string =>
  `data: ${JSON.stringify({ ...chunk({ delta: { content } }), ...more })}`

/** A refrain that has learnt one event. */
function learnt(said = 'Hello', from = event(said)) {
  const refrain = createRefrain()
  refrain.learn(from, { type: 'text', text: said })
  return refrain
}

t.test('the same event with another piece is matched', async t => {
  t.same(learnt().match(event(' world, 世界 😀')), { type: 'text', text: ' world, 世界 😀' })
})

t.test('what JSON writes otherwise than it is meant is left to the parser', async t => {
  const refrain = learnt()
  for (const text of ['"', '\\', 'a"b', 'a\nb', '\u0000', 'a\\u0041', '\u0085']) {
    const said = refrain.match(event(text))
    t.ok(said === undefined || said.text === text, JSON.stringify(text))
  }
  t.equal(refrain.match(event('"')), undefined)
  t.equal(refrain.match(event('')), undefined, 'nothing said is nothing heard')
})

t.test('an event that differs anywhere else is left to the parser', async t => {
  const refrain = learnt()
  const usage = { prompt_tokens: 1, completion_tokens: 2 }
  t.equal(refrain.match(event('b', { usage })), undefined)
  t.equal(refrain.match(event('b', { id: 'another' })), undefined)
  t.equal(refrain.match(event('b').replace('null', '"stop"')), undefined)
  t.equal(refrain.match(`${event('b')}\ndata: more`), undefined)
})

t.test('a piece that also stands elsewhere in its event is not learnt from there', async t => {
  // The model's name is the first place where this text is found.
  const refrain = learnt(
    'fake',
    `data: ${JSON.stringify({ model: 'fake', ...chunk({ delta: { content: 'fake' } }) })}`,
  )
  t.equal(refrain.match(event('b')), undefined)
  for (const said of [':', ',', 'choices', 'content', 'delta', '0']) {
    const match = learnt(said).match(event('b'))
    t.ok(match === undefined || match.text === 'b', said)
  }
})

t.test('events that never repeat are not learnt for ever', async t => {
  const refrain = createRefrain()
  const noisy = (n: number): string => event('a', { obfuscation: `${n}` })
  for (let n = 0; n < 20; n++) refrain.learn(noisy(n), { type: 'text', text: 'a' })
  t.equal(refrain.match(noisy(19)), undefined, 'the last ones were not')
  t.ok(refrain.match(noisy(7)), 'the first ones were')
})

t.test('an answer says the same however it was cut, matched or parsed', async t => {
  const seed = Date.now()
  t.comment(`seed ${seed}`)
  const random = randomFrom(seed)
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? ''
  const pieces = [
    'a',
    ' the',
    '"',
    '\\',
    '\n',
    '😀',
    '\ud83d',
    '\ude00',
    '世界',
    'null',
    '","',
    '}',
    '',
  ]
  const noise = [
    '',
    '',
    '',
    ': still here\n\n',
    '\n',
    'event: message\n',
    'data: {"choices":[]}\n\n',
  ]
  const ends = ['\n\n', '\n\n', '\n\n', '\n\n\n', '\n\n\n\n', '\r\n\r\n']
  const keys = ['content', 'content', 'content', 'reasoning_content', 'reasoning']
  for (let round = 0; round < 200; round++) {
    const events = Array.from({ length: 30 }, () => {
      const delta = { [pick(keys)]: pick(pieces) + pick(pieces) }
      return `${pick(noise)}data: ${JSON.stringify(chunk({ delta }))}${pick(ends)}`
    })
    const wire = events.join('') + DONE
    const whole = heard(events.concat(DONE))
    t.same(heard([wire]), whole)
    t.same(heard(Array.from(wire)), whole, 'a character at a time is never matched')
  }
})

/** Text and reasoning of an answer that arrives in these reads. */
function heard(reads: readonly string[]): Record<string, string> {
  const decoder = createDecoder()
  const said: Record<string, string> = { text: '', reasoning: '' }
  const add = (chunks: readonly Chunk[] = []): void => {
    for (const one of chunks) if ('text' in one) said[one.type] += one.text
  }
  for (const read of reads) add(decoder.feed(read))
  add(decoder.end())
  return said
}
