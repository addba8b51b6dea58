/** Numbers as they are read: three digits that mean something, and the unit. */
import type { Measure, measures } from '../run.ts'
import type { Range } from './statistics.ts'

export type Unit = (typeof measures)[Measure]['unit']

/** Names of units that are words, in the language of the reader. */
export type Units = Readonly<Partial<Record<Unit, string>>>

const groups = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** 0.0123, 1.23, 12.3, 123, 1,234. */
export function toNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 99.95) return groups.format(value)
  if (size >= 9.995) return value.toFixed(1)
  if (size >= 0.095 || size < 0.0005) return value === 0 ? '0' : value.toFixed(2)
  return value.toFixed(3)
}

/** A whole number with its thousands apart. */
export const toCount = (value: number): string => groups.format(value)

/** 32.1 µs, 1.21×. */
export const toQuantity = (value: number, unit: Unit, units: Units = {}): string =>
  unit === '×'
    ? `${value.toFixed(2)}${units[unit] ?? unit}`
    : `${toNumber(value)} ${units[unit] ?? unit}`

/** +0.31 ms. */
export const toDifference = (value: number, unit: Unit, units?: Units): string =>
  `${value > 0 ? '+' : ''}${toQuantity(value, unit, units)}`

/** 31.0–33.9; one number where all rounds agree. */
export function toEnds({ min, max }: Range): string {
  const [low, high] = [toNumber(min), toNumber(max)]
  return low === high ? low : `${low}–${high}`
}
