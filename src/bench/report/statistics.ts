/** What is said of the figures of several rounds. */
import { QUANTILES, type Spread } from '../run.ts'

/** Of the rounds' figures: the one in the middle and the two ends. */
export interface Range {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly rounds: number
}

/** A figure a round, by the number of the round. */
export type Rounds = ReadonlyMap<number, number>

/** The middle one, or the mean of the two in the middle. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? NaN : (low + high) / 2
}

/** Undefined of nothing. */
export function toRange(values: readonly number[]): Range | undefined {
  if (values.length === 0) return undefined
  const [min, max] = [Math.min(...values), Math.max(...values)]
  return { median: median(values), min, max, rounds: values.length }
}

/**
 * One figure against another's, round by round: what disturbs a round disturbs both. A round that
 * only one of them has, or whose quotient is no number, is left out.
 */
export function paired(
  one: Rounds,
  other: Rounds,
  compare: (one: number, other: number) => number,
): number[] {
  return [...one]
    .map(([round, value]) => compare(value, other.get(round) ?? NaN))
    .filter(value => Number.isFinite(value))
}

/** A quantile that is one of QUANTILES; any other, and a spread of nothing, has no figure. */
export function quantile({ count, quantiles }: Spread, of: number): number | undefined {
  return count === 0 ? undefined : quantiles[QUANTILES.findIndex(known => known === of)]
}

/** Of several spreads, quantile by quantile, the median: a round in which something coughed is one. */
export function merge(spreads: readonly Spread[]): Spread | undefined {
  const full = spreads.filter(({ count }) => count > 0)
  if (full.length === 0) return undefined
  return {
    count: full.reduce((sum, { count }) => sum + count, 0),
    quantiles: QUANTILES.map((_, at) =>
      median(full.map(({ quantiles }) => quantiles[at]).filter(value => value !== undefined)),
    ),
  }
}
