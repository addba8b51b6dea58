/** The judge finds each broken promise in a history that is otherwise in order. */
import t from 'tap'
import { type Asked, type History, type Outcome, createHistory } from './history.ts'
import { judge } from './judge.ts'

const lines = (...facts: object[]): string[] =>
  facts.map((fact, i) => JSON.stringify({ generation: 'gen_a', seq: i + 1, ...fact }))
const started = { type: 'started', conversation: 'cnv_a', model: 'm', params: {}, at: 1 }
const done = { type: 'done', reason: 'complete' }
const say = (text: string): object => ({ type: 'text', text })
const log = lines(started, say('1 2 '), say('3 '), done)

/** Two readers, one question, all as it must be; then whatever is laid over it. */
function judged(
  outcome: Partial<Outcome> = {},
  change: (history: History) => void = () => undefined,
): string[] {
  const asked: Asked = { name: 'one', target: 3, generations: new Set(['gen_a']) }
  const history = createHistory()
  history.asked.push(asked)
  history.readings.push(
    { reader: 'first', generation: 'gen_a', after: 0, texts: log.slice(0, 2) },
    { reader: 'second', generation: 'gen_a', after: 2, texts: log.slice(2) },
  )
  change(history)
  return judge(history, {
    logs: new Map([['gen_a', log]]),
    answers: new Map([['gen_a', '1 2 3 ']]),
    conversations: new Map([['one', 1]]),
    said: new Map([['one', 3]]),
    ...outcome,
  })
}

const reading = (after: number, texts: string[]) => (history: History) =>
  void history.readings.push({ reader: 'third', generation: 'gen_a', after, texts })
const logged = (texts: readonly string[]): Partial<Outcome> => ({
  logs: new Map([['gen_a', texts]]),
})

const cases: readonly [fact: string, found: RegExp, Parameters<typeof judged>][] = [
  ['an event twice', /read 2 .* where 3/, [{}, reading(0, [...log.slice(0, 2), log[1] ?? ''])]],
  ['a hole', /read 3 .* where 2/, [{}, reading(0, [log[0] ?? '', log[2] ?? ''])]],
  [
    'a text that is not in the log',
    /does not have/,
    [{}, reading(1, lines({}, say('9 ')).slice(1))],
  ],
  ['more than the log has', /does not have/, [logged(lines(started, done))]],
  ['a log that is gone', /is gone/, [{ logs: new Map() }]],
  ['two ends', /has 2 terminal/, [logged(lines(started, done, done))]],
  ['no end', /does not end/, [logged(log.slice(0, 3))]],
  ['a hole in the log', /has a hole/, [logged(log.toSpliced(1, 1))]],
  [
    'a conversation that says otherwise',
    /reads otherwise/,
    [{ answers: new Map([['gen_a', '1']]) }],
  ],
  ['an answer without a conversation', /in no conversation/, [{ answers: new Map() }]],
  [
    'two answers under one key',
    /got gen_a and gen_b/,
    [{}, h => h.asked[0]?.generations.add('gen_b')],
  ],
  ['two conversations under one key', /there 2 times/, [{ conversations: new Map([['one', 2]]) }]],
  ['a start that was taken and is gone', /is gone/, [{ conversations: new Map() }]],
  ['words out of order', /does not count/, [logged(lines(started, say('1 3 2 '), done))]],
  ['words that nobody said', /more than its model/, [{ said: new Map([['one', 2]]) }]],
  ['an end too early', /without its end/, [logged(lines(started, say('1 2 '), done))]],
  [
    'a stop that left the model talking',
    /requests open/,
    [{}, h => h.obeyed.push({ generation: 'gen_a', command: 'stop', stillOpen: 1 })],
  ],
  [
    'an update that was lost',
    /lost its update/,
    [{}, h => h.obeyed.push({ generation: 'gen_a', command: 'update', mark: 0.5 })],
  ],
  ['what was seen to be wrong at once', /refused/, [{}, h => h.faults.push('refused')]],
]

t.test('nothing is found where all is in order', async t => t.same(judged(), []))
for (const [fact, found, [outcome, change]] of cases) {
  t.test(`${fact} is found`, async t => t.match(judged(outcome, change).join('\n'), found))
}
