/** From figures to how they are spread. */
import { QUANTILES, type Spread } from './run.ts'

/** The figure itself at each quantile, none between two: the slowest one is one that was. */
export function toSpread(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort()
  const { length } = sorted
  if (length === 0) return { count: 0, quantiles: [] }
  const at = (quantile: number): number => Math.max(0, Math.ceil(quantile * length) - 1)
  return { count: length, quantiles: QUANTILES.map(quantile => rounded(sorted[at(quantile)])) }
}

/** To the step of the clock that tokens carry a tenth of: more digits are no more true. */
const rounded = (value = NaN): number => Math.round(value * 1000) / 1000
