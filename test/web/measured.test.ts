/** What the page measures of an answer, by a clock that the test moves. */
import { mock } from 'node:test'
import t from 'tap'
import { keepVigil } from '../../web/awake.ts'
import { type Figures, figuresOf } from '../../web/figures.ts'
import type { Item } from '../../web/link/link.ts'
import { type Pace, begin, hear, interrupt, rateAt } from '../../web/pace.ts'

const fact = (more: object): Item => ({ generation: 'gen_1', seq: 1, ...more }) as Item
/** A piece of so many tokens by the page's guess. */
const text = (tokens: number): Item => fact({ type: 'text', text: 'abcd'.repeat(tokens) })
const reasoning = (tokens: number): Item => ({ ...text(tokens), type: 'reasoning' }) as Item
const updated = (mode: string): Item => fact({ type: 'updated', model: 'm', params: {}, mode })
const done = fact({ type: 'done', reason: 'complete' })
const used = (output: number, estimated = false) => ({ input: 1, output, estimated })

/** What came when; 'lost' is a connection that was lost then. */
type Story = readonly (readonly [at: number, ...what: readonly (Item | 'lost')[]])[]
const watch = (story: Story, pace: Pace = begin(0)): Pace =>
  story.reduce(
    (now, [at, ...what]) =>
      what[0] === 'lost' ? interrupt(now) : hear(now, what as readonly Item[], at),
    pace,
  )
const told = (story: Story, output?: number, pace?: Pace): Figures =>
  figuresOf(watch(story, pace), output === undefined ? undefined : used(output))

const steady: Story = [
  [400, text(50)],
  [1400, text(100)],
  [2400, text(100)],
  [2500, done],
]

void t.test('an answer that was watched from the question to the end', async t => {
  t.strictSame(told(steady, 250), { first: 400, total: 2500, rate: 100 })
  t.strictSame(told(steady, 300), { first: 400, total: 2500, rate: 120 }, 'by the own count')
})

void t.test('a speed without the model’s own count is marked', async t => {
  t.match(told(steady), { rate: 100, rough: true })
  t.match(figuresOf(watch(steady), used(250, true)), { rate: 100, rough: true })
})

void t.test('reasoning that nobody sees is not counted as speed', async t => {
  t.match(told(steady, 5000), { rate: 100, rough: true })
})

void t.test('an answer that came at once has no speed', async t => {
  const figures = told([[400, text(50), done]], 50)
  t.strictSame(figures, { first: 400, total: 400 })
})

void t.test('what came late because of a lost connection is not measured', async t => {
  const story: Story = [
    [400, text(50)],
    [1400, text(100)],
    [2000, 'lost'],
    [9000, text(500)],
    [9010, text(500)],
    [12_000, text(100)],
    [13_000, text(100)],
    [13_100, done],
  ]
  t.match(told(story, 1350), { first: 400, total: 13_100, rate: 100 })
})

void t.test('an end or a beginning that came late is not measured', async t => {
  const late = told(
    [
      [100, 'lost'],
      [5000, text(5)],
      [9000, text(5)],
      [9100, done],
    ],
    10,
  )
  t.strictSame(Object.keys(late), ['total'], 'and one piece is no speed')
  t.notOk(
    'total' in
      told([
        [400, text(50)],
        [900, 'lost'],
        [5000, text(50), done],
      ]),
  )
})

void t.test('nothing is said of an answer that was joined', async t => {
  t.strictSame(told(steady, 250, begin(undefined)), {})
})

void t.test('how long it thought', async t => {
  const story: Story = [
    [400, reasoning(10)],
    [3000, reasoning(10)],
    [4400, text(10)],
    [5000, reasoning(10)],
    [5500, text(10)],
    [5600, done],
  ]
  t.match(told(story), { thought: 4500 })
  const lost = story.toSpliced(2, 0, [3500, 'lost'])
  t.notOk('thought' in told(lost), 'unknown where it may have ended unseen')
  t.match(
    told([
      [400, reasoning(10)],
      [2400, done],
    ]),
    { thought: 2000 },
    'until it ended',
  )
  const again = story.toSpliced(3, 0, [4500, updated('restart')])
  t.match(told(again), { thought: 500 }, 'a restart drops it')
})

void t.test('the time that another model takes to begin is no speed', async t => {
  const story: Story = [
    [400, text(50)],
    [1400, text(100)],
    [1500, updated('continue')],
    [9000, text(50)],
    [10_000, text(100)],
    [10_100, done],
  ]
  t.match(told(story, 300), { rate: 100 })
})

void t.test('the live speed falls while nothing comes', async t => {
  const pace = watch(steady.slice(0, 3))
  t.equal(rateAt(pace, 2400), 100)
  t.equal(rateAt(pace, 4400), 50)
  t.equal(rateAt(interrupt(pace), 60_000), 100, 'but not while nothing can')
  t.equal(rateAt(begin(0), 5000), undefined)
})

void t.test('after a reset nothing is known any more', async t => {
  const reset = fact({ type: 'reset', seq: 0 })
  t.strictSame(
    told(
      [
        [400, text(50)],
        [900, reset],
        [950, text(50)],
        [4000, done],
      ],
      50,
    ),
    {},
  )
})

void t.test('a page that stood still knows it', async t => {
  mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1_000_000 })
  t.teardown(() => mock.timers.reset())
  let slept = 0
  const vigil = keepVigil(() => slept++)
  const live = (seconds: number): void => {
    for (let i = 0; i < seconds; i++) mock.timers.tick(1000)
  }
  live(5)
  vigil.look()
  t.equal(slept, 0, 'awake')
  mock.timers.setTime(Date.now() + 60_000)
  vigil.look()
  live(2)
  t.equal(slept, 1, 'said once, before what came meanwhile is looked at')
  vigil.end()
  mock.timers.setTime(Date.now() + 60_000)
  live(2)
  t.equal(slept, 1, 'nobody listens any more')
})
