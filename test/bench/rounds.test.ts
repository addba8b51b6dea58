/** Who has a turn when, how figures become a spread, and what is shown meanwhile. */
import t from 'tap'
import { defaults } from '../../src/bench/options.ts'
import { createProgress } from '../../src/bench/progress.ts'
import { quantile } from '../../src/bench/report/statistics.ts'
import { rotate, turnsOf } from '../../src/bench/rounds.ts'
import { toSpread } from '../../src/bench/spread.ts'

t.test('nobody is always first, and everyone has a turn in each round', async t => {
  const all = ['a', 'b', 'c', 'd']
  const rounds = [0, 1, 2, 3, 4].map(round => rotate(all, round))
  for (const round of rounds) t.same(round.toSorted(), all)
  t.ok(new Set(rounds.map(([first]) => first)).size > 2)
  t.same(rotate([], 3), [])
})

t.test(
  'a run by default measures everything, five times or, what takes long, in the last ones',
  async t => {
    const turns = turnsOf(defaults).flat()
    const roundsOf = (claim: (turn: (typeof turns)[number]) => boolean): number =>
      new Set(turns.filter(claim).map(({ round }) => round)).size
    t.equal(
      roundsOf(({ name }) => name === 'first'),
      5,
    )
    t.equal(
      roundsOf(({ name, step }) => name === 'pace' && step.streams === 100),
      5,
    )
    t.equal(
      roundsOf(({ name, step }) => name === 'pace' && step.streams === 1000),
      3,
    )
    t.equal(
      roundsOf(({ name }) => name === 'memory'),
      2,
    )
  },
)

t.test('a server elsewhere is asked for nothing that needs an upstream of ours', async t => {
  const turns = turnsOf({ ...defaults, baseUrl: new URL('http://127.0.0.1:1') }).flat()
  t.ok(turns.every(({ step }) => step.server === 'remote'))
  t.same([...new Set(turns.map(({ name }) => name))], ['first', 'bytes', 'resume', 'turns'])
})

t.test('the quantiles of a spread are figures that were there', async t => {
  const spread = toSpread(Array.from({ length: 100 }, (_, at) => 100 - at))
  t.equal(spread.count, 100)
  t.same(
    [0, 0.5, 0.99, 1].map(of => quantile(spread, of)),
    [1, 50, 99, 100],
  )
  t.same(toSpread([7]).quantiles.at(-1), 7)
  t.equal(quantile(toSpread([]), 0.5), undefined)
})

t.test('a terminal shows one line that fits, anything else a line a step', async t => {
  const said: string[] = []
  const write = (text: string): void => void said.push(text)
  const bar = createProgress({ isTTY: true, columns: 60, write }, 4)
  bar.show(1, 'pace, round 1: sqlite')
  bar.clear()
  t.match(said.join(''), /\r.*█+░+ +25 % {2}pace, round 1/)
  t.ok(said.every(text => !text.includes('\n') && text.length < 70))
  said.length = 0
  const lines = createProgress({ write }, 4)
  lines.show(0, 'one')
  lines.show(1, 'one')
  lines.show(2, 'two')
  lines.clear()
  t.same(said, ['one\n', 'two\n'])
})
