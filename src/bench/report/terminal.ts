/** The report for a terminal: aligned, in as many blocks as its width asks for. */
import type { Server } from '../run.ts'
import { type Bound, boundsOf, worst } from './bounds.ts'
import { english } from './english.ts'
import { toCount } from './format.ts'
import { toLimit, toPart } from './markdown.ts'
import { dayOf, machineOf, optionsOf } from './preamble.ts'
import { type Report, servers } from './report.ts'
import { beside, type Column, label, type Table, tabulate, toText } from './table.ts'
import { subjectsOf, verdictsOf } from './verdicts.ts'

export interface Screen {
  /** Characters in a line. */
  readonly columns: number
  readonly colour: boolean
}

type Colour = keyof typeof codes

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 } as const

/** A piece of a line; its width is that of the text, whatever its colour. */
interface Piece {
  readonly text: string
  readonly colour?: Colour | undefined
}

type Line = readonly Piece[]

const GAP = '  '

/** No line is longer than the screen is wide. Ends with a newline. */
export function toTerminal(report: Report, screen: Screen): string {
  const lines = [
    ...wrap(`${dayOf(report)} · ${machineOf(report, english)}`, screen.columns),
    ...wrap(
      optionsOf(report, english)
        .map(([name, value]) => `${name}: ${value}`)
        .join(' · '),
      screen.columns,
    ),
    ...(report.partial ? wrap(english.labels.partial, screen.columns) : []),
    ...figureLines(report, screen.columns),
    ...boundLines(report, screen.columns),
    ...verdictLines(report, screen.columns),
  ]
  return lines.map(line => `${draw(cut(line, screen.columns), screen)}\n`).join('')
}

/** One block a table; a server that does not fit beside the others opens another block. */
function figureLines(report: Report, columns: number): Line[] {
  const blocks: Server[][] = [[]]
  for (const server of servers) {
    const wider = [...(blocks.at(-1) ?? []), server]
    const isRoomy = widthOf(tabulate(report, wider.flatMap(beside))) <= columns
    if (isRoomy || wider.length === 1) blocks[blocks.length - 1] = wider
    else blocks.push([server])
  }
  return blocks
    .map(block => tabulate(report, block.flatMap(beside)))
    .filter(({ rows }) => rows.length > 0)
    .flatMap(table => [[], ...blockLines(table)])
}

const widthOf = (table: Table): number =>
  blockLines(table)[0]?.reduce((sum, { text }) => sum + text.length, 0) ?? 0

function blockLines(table: Table): Line[] {
  const rows = [...headings(table), ...bodies(table)]
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map(row => row[at]?.text.length ?? 0)),
  )
  return rows.map(row =>
    row.map(({ text, colour }, at) => {
      const width = widths[at] ?? 0
      return at === 0
        ? { text: text.padEnd(width), colour }
        : { text: GAP + text.padStart(width), colour }
    }),
  )
}

/** The server's name is over its columns; it may not be wider than they are. */
function headings({ columns }: Table): Line[] {
  const names = columns.map(({ server }, at): Piece => ({
    text: columns[at - 1]?.server === server ? '' : short[server],
    colour: 'bold',
  }))
  const kinds = columns.map(({ kind }): Piece => ({
    text: kind === 'ratio' ? 'WS/SSE' : english.transports[kind],
    colour: colourOf(kind),
  }))
  return [
    [{ text: '' }, { text: '' }, ...names],
    [{ text: english.labels.figure }, { text: english.labels.streams }, ...kinds],
  ]
}

/** One word, so that it fits over a column. */
const short: Readonly<Record<Server, string>> = {
  sqlite: 'sqlite',
  memory: 'memory',
  remote: 'remote',
  deflate: 'deflate',
  raw: 'raw pipe',
  http2: 'HTTP/2',
  obvious: 'obvious',
  direct: 'direct',
}

const bodies = ({ columns, rows }: Table): Line[] =>
  rows.map(({ key, cells }) => [
    { text: label(key, english) },
    { text: key.streams === 0 ? '' : toCount(key.streams), colour: 'dim' },
    ...cells.map((cell, at): Piece => ({
      text: toText(cell),
      colour: colourOf(columns[at]?.kind),
    })),
  ])

const colourOf = (kind: Column['kind'] | undefined): Colour =>
  kind === 'sse' ? 'blue' : kind === 'websocket' ? 'yellow' : 'bold'

const stateColours: Readonly<Record<Bound['state'], Colour>> = {
  met: 'green',
  missed: 'red',
  'not measured': 'dim',
}

function boundLines(report: Report, columns: number): Line[] {
  const title: Line[] = [[], [{ text: english.labels.bounds, colour: 'bold' }]]
  const lines = boundsOf(report).flatMap((bound): Line[] => {
    const [part] = worst(bound)
    const figure = part === undefined ? '' : `: ${toPart(bound, part, english)}`
    const text = `${english.bounds[bound.name]} ${toLimit(bound, english)}${figure}`
    const state = { text: bound.state.padEnd(12) + GAP, colour: stateColours[bound.state] }
    return hang(state, text, columns)
  })
  return [...title, ...lines]
}

function verdictLines(report: Report, columns: number): Line[] {
  const verdicts = verdictsOf(report)
  const whose = subjectsOf(verdicts).map(server => english.servers[server])
  const heading = [english.labels.article, ...whose].join(' · ')
  const title: Line[] = [[], [{ text: heading, colour: 'bold' }]]
  const lines = verdicts.flatMap(({ outcome, text }) =>
    hang(
      { text: english.outcomes[outcome].padEnd(12) + GAP, colour: 'bold' },
      `${text.en.claim} ${text.en.sentence}`,
      columns,
    ),
  )
  return [...title, ...lines, ...wrap(english.labels.weighed, columns)]
}

/** The text beside its mark, every line of it. */
function hang(mark: Piece, text: string, columns: number): Line[] {
  const indent = { text: ' '.repeat(mark.text.length) }
  return wrap(text, columns - mark.text.length).map((line, at) => [
    at === 0 ? mark : indent,
    ...line,
  ])
}

function wrap(text: string, columns: number): Line[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines.map(line => [{ text: line }])
}

/** What does not fit is cut: a table of one server on a very narrow screen. */
function cut(line: Line, columns: number): Line {
  let left = columns
  return line.map(({ text, colour }) => {
    const piece = { text: text.slice(0, left), colour }
    left -= piece.text.length
    return piece
  })
}

/** What a run brought along says nothing to the terminal but letters. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, ' ')

const draw = (line: Line, { colour }: Screen): string =>
  line
    .map(piece =>
      colour && piece.colour !== undefined
        ? `\u001b[${codes[piece.colour]}m${plain(piece.text)}\u001b[0m`
        : plain(piece.text),
    )
    .join('')
    .trimEnd()
