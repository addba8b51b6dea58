/** From a value to its place on an axis, and where the axis has its ticks. */

/** A place is a percentage of the axis, so that a chart is as wide as there is room. */
export interface Scale {
  readonly place: (value: number) => number
  /** `isMinor`: its label may go where it is tight. */
  readonly ticks: readonly { readonly value: number; readonly isMinor: boolean }[]
}

/** From 0, to a little beyond the greatest. */
export function linear(greatest: number): Scale {
  const end = (greatest > 0 ? greatest : 1) * 1.04
  const step = roundStep(end / 5)
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, at) => ({
    value: Number((at * step).toPrecision(12)),
    isMinor: at % 2 === 1,
  }))
  return { place: value => clamp((value / end) * 100), ticks }
}

/** What lies below this is 0 to all that is measured here, and 0 has no logarithm. */
const LEAST = 1e-3

/** For what spreads over orders of magnitude, with a little room at both ends. */
export function logarithmic(least: number, greatest: number): Scale {
  const from = Math.log10(Math.max(least, LEAST)) - 0.04
  const to = Math.max(Math.log10(Math.max(greatest, LEAST)) + 0.04, from + 0.3)
  const place = (value: number): number =>
    clamp(((Math.log10(Math.max(value, LEAST)) - from) / (to - from)) * 100)
  return { place, ticks: decades(from, to) }
}

/** 1, 10, 100; with the 2 and the 5 between them where there are few. */
function decades(from: number, to: number): Scale['ticks'] {
  const powers = Array.from(
    { length: Math.floor(to) - Math.floor(from) + 1 },
    (_, at) => Math.floor(from) + at,
  )
  const factors = to - from > 3 ? [1] : [1, 2, 5]
  return powers
    .flatMap(power =>
      factors.map(factor => ({
        value: Number((factor * 10 ** power).toPrecision(1)),
        isMinor: factor !== 1 && to - from > 1,
      })),
    )
    .filter(({ value }) => Math.log10(value) >= from && Math.log10(value) <= to)
}

/** 1, 2 or 5 times a power of ten, and not less than this. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find(factor => factor * power >= least) ?? 10)
}

const clamp = (place: number): number => Math.round(Math.min(100, Math.max(0, place)) * 100) / 100
