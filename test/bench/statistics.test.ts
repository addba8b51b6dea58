import t from 'tap'

import { toDifference, toEnds, toNumber, toQuantity } from '../../src/bench/report/format.ts'
import { linear, logarithmic } from '../../src/bench/report/scale.ts'
import { median, merge, paired, quantile, toRange } from '../../src/bench/report/statistics.ts'
import { QUANTILES } from '../../src/bench/run.ts'
import { spreadOf } from './made-run.ts'

void t.test('the median is the one in the middle, or between the two', async t => {
  t.equal(median([9, 1, 5]), 5)
  t.equal(median([9, 1, 5, 6]), 5.5)
  t.equal(median([10, 9]), 9.5, 'numbers are not sorted as words')
  t.equal(median([7]), 7)
  t.ok(Number.isNaN(median([])))
})

void t.test('a range has the middle, the ends and the number of rounds', async t => {
  t.strictSame(toRange([3, 1, 2]), { median: 2, min: 1, max: 3, rounds: 3 })
  t.equal(toRange([]), undefined)
})

const divide = (one: number, other: number): number => one / other

void t.test('two subjects are compared round by round', async t => {
  const one = new Map([
    [0, 10],
    [1, 40],
    [2, 90],
  ])
  const other = new Map([
    [2, 30],
    [0, 10],
    [1, 20],
  ])
  t.strictSame(paired(one, other, divide), [1, 2, 3])
  t.strictSame(
    paired(one, other, (a, b) => a - b),
    [0, 20, 60],
  )
})

void t.test(
  'a round that one of the two lacks does not count, nor does a division by 0',
  async t => {
    const one = new Map([
      [0, 10],
      [1, 40],
      [2, 90],
      [3, 0],
    ])
    const other = new Map([
      [1, 20],
      [2, 0],
      [3, 0],
    ])
    t.strictSame(paired(one, other, divide), [2])
  },
)

void t.test('a quantile is one that was taken, or none', async t => {
  const spread = { count: 3, quantiles: QUANTILES.map(of => of * 100) }
  t.equal(quantile(spread, 0.5), 50)
  t.equal(quantile(spread, 0.99), 99)
  t.equal(quantile(spread, 0.123), undefined)
  t.equal(quantile({ ...spread, count: 0 }, 0.5), undefined)
})

void t.test('spreads are merged quantile by quantile, by the median', async t => {
  const merged = merge([spreadOf(1, 10), spreadOf(3, 90), spreadOf(2, 20)])
  t.equal(merged?.count, 3000)
  t.equal(merged === undefined ? NaN : quantile(merged, 0.5), 2)
  t.equal(merged === undefined ? NaN : quantile(merged, 0.99), 20)
  t.equal(merge([]), undefined)
  t.equal(merge([{ count: 0, quantiles: [] }]), undefined)
})

void t.test('a number has the digits that mean something', async t => {
  t.strictSame([0, 0.0123, 0.3, 1.234, 9.999, 12.34, 99.97, 123.4, 43152].map(toNumber), [
    '0',
    '0.012',
    '0.30',
    '1.23',
    '10.0',
    '12.3',
    '100',
    '123',
    '43,152',
  ])
  t.equal(toQuantity(32.14, 'µs'), '32.1 µs')
  t.equal(toQuantity(1.2, '×'), '1.20×')
  t.equal(toQuantity(12, 'tokens', { tokens: '个 token' }), '12.0 个 token')
  t.equal(toDifference(0.31, 'ms'), '+0.31 ms')
  t.equal(toDifference(-0.31, 'ms'), '-0.31 ms')
  t.equal(toEnds({ median: 2, min: 1, max: 3, rounds: 3 }), '1.00–3.00')
  t.equal(toEnds({ median: 2, min: 2, max: 2, rounds: 3 }), '2.00')
})

void t.test('an axis of lengths begins at 0 and has round ticks', async t => {
  const { ticks, place } = linear(97)
  t.strictSame(
    ticks.map(({ value }) => value),
    [0, 50, 100],
  )
  t.equal(place(0), 0)
  t.ok(place(97) < 100)
  t.equal(linear(0).place(0), 0, 'also where there is nothing')
})

void t.test('an axis of magnitudes has a tick at each power of ten', async t => {
  const { ticks, place } = logarithmic(0.2, 30)
  t.strictSame(
    ticks.filter(({ isMinor }) => !isMinor).map(({ value }) => value),
    [1, 10],
  )
  t.ok(Math.abs(place(10) - place(1) - (place(5) - place(0.5))) < 0.1, 'as far for as many times')
  t.ok(logarithmic(0, 0).place(0) >= 0, 'also where there is nothing')
  t.ok(logarithmic(Infinity, -Infinity).ticks.length < 100)
})
