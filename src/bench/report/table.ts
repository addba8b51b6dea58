/** A report as rows and columns: what every table in it is made of, whatever it is drawn with. */
import { measures, type Server, type Transport } from '../run.ts'
import { toEnds, toNumber, toQuantity, type Unit } from './format.ts'
import { findComparison, findFigure } from './lookup.ts'
import type { Key, Report } from './report.ts'
import type { Range } from './statistics.ts'
import type { Wording } from './wording.ts'

/** The figures of one subject; with `to` those against another; `ratio` is WebSocket over SSE. */
export interface Column {
  readonly server: Server
  readonly kind: Transport | 'ratio'
  readonly to?: Server
}

export interface Cell {
  /** The median, but of lost events the most. */
  readonly value: number
  readonly range: Range
  readonly by: 'value' | 'ratio' | 'difference'
  readonly unit: Unit
}

export interface Row {
  readonly key: Key
  readonly cells: readonly (Cell | undefined)[]
}

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

/** SSE, WebSocket and WebSocket over SSE of one server. */
export const beside = (server: Server): Column[] => [
  { server, kind: 'sse' },
  { server, kind: 'websocket' },
  { server, kind: 'ratio' },
]

/** Both transports of one server against each baseline. */
export const against = (server: Server): Column[] =>
  (['raw', 'obvious', 'direct'] as const).flatMap((to): Column[] => [
    { server, kind: 'sse', to },
    { server, kind: 'websocket', to },
  ])

/** The figures that the report has for these columns; columns and rows without any are left out. */
export function tabulate(
  report: Report,
  wanted: readonly Column[],
  only: (key: Key) => boolean = () => true,
): Table {
  const all = keysOf(report)
    .filter(only)
    .map(key => ({ key, cells: wanted.map(column => toCell(report, key, column)) }))
  const isFull = wanted.map((_, at) => all.some(({ cells }) => cells[at] !== undefined))
  const rows = all
    .map(({ key, cells }) => ({ key, cells: cells.filter((_, at) => isFull[at]) }))
    .filter(({ cells }) => cells.some(cell => cell !== undefined))
  return { columns: wanted.filter((_, at) => isFull[at]), rows }
}

/** What the row is about, with the unit of its figures. */
export function label({ measure, statistic }: Key, wording: Wording): string {
  const { unit } = measures[measure]
  const of = statistic === 'value' ? '' : ` ${statistic}`
  return `${wording.measures[measure]}${of}${unit === '×' ? '' : ` (${wording.units[unit] ?? unit})`}`
}

/** Without the unit, which the row's label has. */
export function toText(cell: Cell | undefined): string {
  if (cell === undefined) return ''
  const { value, by, unit } = cell
  if (by === 'ratio' || unit === '×') return toQuantity(value, '×')
  return by === 'difference' ? `${value > 0 ? '+' : ''}${toNumber(value)}` : toNumber(value)
}

/** With the least and the greatest round, where they are told apart. */
export function toSpread(cell: Cell | undefined): string {
  if (cell === undefined) return ''
  const ends = toEnds(cell.range)
  return ends.includes('–') ? `${toText(cell)} (${ends})` : toText(cell)
}

/** In how many rounds it was measured: of what was measured in fewer than the others, in those. */
export const roundsOf = ({ cells }: Row): number =>
  Math.min(...cells.flatMap(cell => cell?.range.rounds ?? []))

function keysOf({ figures }: Report): Key[] {
  const all = new Map<string, Key>()
  for (const { measure, streams, statistic } of figures) {
    all.set(`${measure} ${streams} ${statistic}`, { measure, streams, statistic })
  }
  return [...all.values()]
}

function toCell(report: Report, key: Key, { server, kind, to }: Column): Cell | undefined {
  const transport = kind === 'ratio' ? 'websocket' : kind
  const wanted = { ...key, server, transport }
  const { unit } = measures[key.measure]
  if (kind !== 'ratio' && to === undefined) {
    const range = findFigure(report, wanted)?.range
    if (range === undefined) return undefined
    return { value: key.measure === 'lost' ? range.max : range.median, range, by: 'value', unit }
  }
  const opponent = to === undefined ? { server, transport: 'sse' as const } : { server: to }
  const found = findComparison(report, wanted, opponent)
  if (found === undefined) return undefined
  const { range, by } = found
  return { value: range.median, range, by, unit: by === 'ratio' ? '×' : unit }
}
