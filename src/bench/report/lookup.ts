/** Finding a figure in a report. */
import type { Measure, Server, Subject, Transport } from '../run.ts'
import type { Comparison, Figure, Key, Report } from './report.ts'
import type { Range } from './statistics.ts'

/** One measure of one server by both transports; the ratio is WebSocket over SSE. */
export interface Pair {
  readonly key: Key
  readonly sse: Range
  readonly websocket: Range
  /** None where one divides by 0. */
  readonly ratio: Range | undefined
}

/** Which figure, and whose. */
export interface Wanted extends Key, Subject {}

export function findFigure(report: Report, wanted: Wanted): Figure | undefined {
  return report.figures.find(figure => matches(figure, wanted))
}

/** A baseline that is measured by one transport only is compared with both; so ask by its server. */
export function findComparison(
  report: Report,
  wanted: Wanted,
  to: { readonly server: Server; readonly transport?: Transport },
): Comparison | undefined {
  return report.comparisons.find(
    one =>
      matches(one, wanted) &&
      one.to.server === to.server &&
      (to.transport === undefined || one.to.transport === to.transport),
  )
}

const matches = (one: Wanted, other: Wanted): boolean =>
  one.measure === other.measure &&
  one.streams === other.streams &&
  one.statistic === other.statistic &&
  one.server === other.server &&
  one.transport === other.transport

export function findPair(report: Report, server: Server, key: Key): Pair | undefined {
  const sse = findFigure(report, { ...key, server, transport: 'sse' })
  const wanted: Wanted = { ...key, server, transport: 'websocket' }
  const websocket = findFigure(report, wanted)
  if (sse === undefined || websocket === undefined) return undefined
  const ratio = findComparison(report, wanted, { server, transport: 'sse' })
  return { key, sse: sse.range, websocket: websocket.range, ratio: ratio?.range }
}

/** How many streams at once a measure was taken with, rising; all servers, or the ones named. */
export function levels(report: Report, measure: Measure, of?: readonly Server[]): number[] {
  const there = report.figures.filter(
    one => one.measure === measure && (of === undefined || of.includes(one.server)),
  )
  return [...new Set(there.map(({ streams }) => streams))].sort((one, other) => one - other)
}

/** The level nearest to one in proportion; of two as near, the higher: load tells more. */
export function nearest(all: readonly number[], level: number): number | undefined {
  const distance = (one: number): number => Math.max(one / level, level / one)
  return all.toSorted((one, other) => distance(one) - distance(other) || other - one)[0]
}
