/** What the README says of a run: short, for whoever has to choose. */
import type { Measure, Server } from '../run.ts'
import { USUAL, choice } from './evidence.ts'
import { levels, nearest } from './lookup.ts'
import { figureTable, escape, verdictTable, wordings } from './markdown.ts'
import { dayOf, machineOf } from './preamble.ts'
import { type Key, own, type Report } from './report.ts'
import { against, beside, type Column, tabulate, toSpread } from './table.ts'
import type { Language } from './wording.ts'

const START = '<!-- bench -->'
const END = '<!-- /bench -->'

/** The section between the marks, in the language of the README that it is for. */
export function toReadme(report: Report, language: Language): string {
  const wording = wordings[language]
  const { labels, colon } = wording
  const sections = [
    labels.spread,
    summary(report, language, beside),
    `### ${labels.ratios}`,
    summary(report, language, against),
    `### ${labels.article}`,
    verdictTable(report, language),
    labels.weighed,
    report.partial ? labels.partial : '',
    `${labels.machine}${colon}${escape(machineOf(report, wording))} · ${escape(dayOf(report))}`,
    labels.reproduce,
    '```sh\nnpm run bench\n```',
  ]
  return sections.filter(section => section !== '').join('\n\n')
}

/** The text with the section in place of what stood between the marks; throws if they are not there. */
export function insert(text: string, section: string): string {
  const start = text.indexOf(START)
  const end = text.indexOf(END)
  if (start === -1 || end < start) {
    throw new Error(`The README has no ${START} … ${END} to put the figures between.`)
  }
  return `${text.slice(0, start + START.length)}\n${section}\n${text.slice(end)}`
}

/** Columns of the first server that has both transports, at the level of every day. */
function summary(
  report: Report,
  language: Language,
  columns: (server: Server) => readonly Column[],
): string {
  const server = own.find(one => tabulate(report, beside(one)).columns.length > 2)
  if (server === undefined) return ''
  const isChosen = ({ measure, statistic, streams }: Key): boolean =>
    choice[measure] === statistic && streams === usual(report, measure, server)
  return figureTable(tabulate(report, columns(server), isChosen), wordings[language], toSpread)
}

const usual = (report: Report, measure: Measure, server: Server): number | undefined =>
  nearest(levels(report, measure, [server]), USUAL)
