/** Races in turn, and what is in their middle. */
import { type Range, toRange } from '../../src/bench/report/statistics.ts'
import { type Figures, figuresOf, isComplete } from './figures.ts'
import type { Both, Race, Series } from './state.ts'

/** What is kept of one lane of one race. */
export type Round = Pick<Figures, 'firstMs' | 'average' | 'bytesPerToken'>
export type Measure = keyof Round

/** Races of a series: few enough to wait for, and odd, so that one of them is the middle. */
export const ROUNDS = 5

/** Undefined for a race that did not come to its end on both lanes. */
export function roundOf({ lanes }: Race): Both<Round> | undefined {
  const [one, other] = lanes
  if (!isComplete(one) || !isComplete(other)) return undefined
  // Both have ended: it does not matter what time it is.
  return [figuresOf(one, 0), figuresOf(other, 0)]
}

/** Over the rounds of a series: both lanes, and the second over the first within each round. */
export interface Middle {
  readonly lanes: Both<Range | undefined>
  readonly ratio: Range | undefined
}

export function middleOf({ rounds }: Series, measure: Measure): Middle {
  const all = rounds.map(([one, other]) => [one[measure], other[measure]] as const)
  return {
    lanes: [rangeOf(all.map(([one]) => one)), rangeOf(all.map(([, other]) => other))],
    ratio: rangeOf(all.map(([one, other]) => one && other && other / one)),
  }
}

const rangeOf = (values: readonly (number | undefined)[]): Range | undefined =>
  toRange(values.filter(value => value !== undefined))
