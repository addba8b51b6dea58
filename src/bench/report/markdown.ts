/** The report as Markdown. */
import type { Server } from '../run.ts'
import { type Bound, boundsOf, type Part, worst } from './bounds.ts'
import { chinese } from './chinese.ts'
import { english } from './english.ts'
import { toCount, toDifference, toQuantity } from './format.ts'
import { dayOf, machineOf, optionsOf } from './preamble.ts'
import { own, type Report } from './report.ts'
import {
  against,
  beside,
  type Cell,
  type Column,
  label,
  roundsOf,
  type Table,
  tabulate,
  toSpread,
} from './table.ts'
import { subjectsOf, verdictsOf } from './verdicts.ts'
import type { Language, Wording } from './wording.ts'

export const wordings: Readonly<Record<Language, Wording>> = { en: english, zh: chinese }

const baselines: readonly Server[] = ['raw', 'obvious', 'direct']
const variants: readonly Server[] = ['deflate', 'http2']

/** All of it: for bench.md. */
export function toMarkdown(report: Report, language: Language): string {
  const wording = wordings[language]
  const { labels } = wording
  const sections = [
    `# ${labels.title}`,
    labels.about,
    report.partial ? `**${labels.partial}**` : '',
    toPreamble(report, wording),
    `## ${labels.article}`,
    verdictTable(report, language),
    labels.weighed,
    `## ${labels.bounds}`,
    boundTable(report, wording),
    `## ${labels.figures}`,
    labels.spread,
    ...[own, baselines, variants].map(servers =>
      figureTable(tabulate(report, servers.flatMap(beside)), wording, toSpread),
    ),
    `## ${labels.ratios}`,
    ...own.map(server => figureTable(tabulate(report, against(server)), wording, toSpread)),
  ]
  return `${sections.filter(section => section !== '').join('\n\n')}\n`
}

/** A table whose cells have the same number in each row; the columns from `numbers` on hold numbers. */
export function toTable(rows: readonly (readonly string[])[], numbers = Infinity): string {
  const [head = [], ...rest] = rows
  const rule = head.map((_, at) => (at < numbers ? '---' : '--:'))
  return [head.map(escape), rule, ...rest.map(row => row.map(escape))]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** One line of a cell: nothing in it ends the cell, and nothing in it is markup. */
export const escape = (text: string): string =>
  text
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\|*_`[\]]/g, String.raw`\$&`)

export function verdictTable(report: Report, language: Language): string {
  const { labels, outcomes, servers } = wordings[language]
  const verdicts = verdictsOf(report)
  const rows = verdicts.map(({ text, outcome }) => {
    const { title, claim, sentence } = text[language]
    return [title, claim, outcomes[outcome], sentence]
  })
  const whose = subjectsOf(verdicts).map(server => servers[server])
  const measured = [labels.measured, ...whose].join(' · ')
  return toTable([['', labels.claim, labels.verdict, measured], ...rows])
}

export function figureTable(
  { columns, rows }: Table,
  wording: Wording,
  toText: (cell: Cell | undefined) => string,
): string {
  if (rows.length === 0) return ''
  const lines = rows.map(row => [
    label(row.key, wording),
    row.key.streams === 0 ? '' : toCount(row.key.streams),
    String(roundsOf(row)),
    ...row.cells.map(toText),
  ])
  const { labels, servers } = wording
  const one = columns.every(({ server }) => server === columns[0]?.server) ? columns[0] : undefined
  const heads = columns.map(column => (one === undefined ? heading : bare)(column, wording))
  const title = one === undefined ? labels.figure : servers[one.server]
  return toTable([[title, labels.streams, labels.rounds, ...heads], ...lines], 1)
}

/** A table of one server need not name it over each column. */
function bare({ kind, to }: Column, { servers, transports }: Wording): string {
  const name = kind === 'ratio' ? 'WS/SSE' : transports[kind]
  if (to === undefined) return name
  return to === 'direct' ? `${name} − ${servers[to]}` : `${name} / ${servers[to]}`
}

const heading = (column: Column, wording: Wording): string =>
  `${wording.servers[column.server]} · ${bare(column, wording)}`

function toPreamble(report: Report, wording: Wording): string {
  const { labels, colon } = wording
  const options = optionsOf(report, wording).map(([name, value]) => `${name} ${escape(value)}`)
  return [
    `- ${labels.at}${colon}${escape(dayOf(report))}`,
    `- ${labels.machine}${colon}${escape(machineOf(report, wording))}`,
    `- ${labels.options}${colon}${options.join(' · ')}`,
  ].join('\n')
}

function boundTable(report: Report, wording: Wording): string {
  const { labels, bounds, states } = wording
  const rows = boundsOf(report).map(bound => [
    bounds[bound.name],
    toLimit(bound, wording),
    worst(bound)
      .map(part => toPart(bound, part, wording))
      .join('; '),
    states[bound.state],
  ])
  return toTable([[labels.bound, labels.limit, labels.measured, labels.result], ...rows])
}

/** ≤ 1.30×. */
export const toLimit = ({ limit, below, unit }: Bound, { units }: Wording): string =>
  `${limit === 0 ? '' : below ? '< ' : '≤ '}${limit}${unit === '×' ? '×' : ` ${units[unit] ?? unit}`}`

/** ChatAI, SQLite, SSE 1.21×. */
export function toPart(bound: Bound, part: Part, { servers, transports, units }: Wording): string {
  const say = bound.to === 'direct' ? toDifference : toQuantity
  const { server, transport, value } = part
  return `${servers[server]}, ${transports[transport]} ${say(value, bound.unit, units)}`
}
