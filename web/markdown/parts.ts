import type { Tokens } from 'marked'
import type { Part } from './flow.ts'
import { type Mark, lex, mentions, refers } from './lexer.ts'
import { createPen } from './nodes.ts'
import type { Pen } from './pen.ts'
import { CHUNK, tableRow } from './tables.ts'

/** The parts that a block becomes: one, but for a list that is too long for one. */
export const blockParts = (pen: Pen, token: Mark): readonly Part[] =>
  token.type === 'list'
    ? chunks(token).map(chunk => blockPart(pen, chunk))
    : [blockPart(pen, token)]

const blockPart = ({ make, draw }: Pen, token: Mark): Part => ({
  nodes: draw([token]),
  size: token.raw.length,
  holds: token.type === 'heading',
  again: relink(token.raw, links => {
    const tokens = lex(token.raw, { links, final: true })
    const [list] = tokens
    // A part of a list counts on from where it did.
    const same = token.type === 'list' && list?.type === 'list'
    return createPen(make, true).draw(same ? [{ ...token, items: list.items }] : tokens)
  }),
})

/** A long list as several, whose numbers go on. */
function chunks(token: Tokens.List): readonly Tokens.List[] {
  if (token.items.length <= CHUNK) return [token]
  return Array.from({ length: Math.ceil(token.items.length / CHUNK) }, (_, i) => {
    const items = token.items.slice(i * CHUNK, (i + 1) * CHUNK)
    const raw = items.map(item => item.raw).join('')
    return { ...token, ...from(token, i * CHUNK), items, raw }
  })
}

/** How a list begins that goes on after `count` items. */
export const from = (
  { ordered, start }: Tokens.List,
  count: number,
): Pick<Tokens.List, 'start'> => ({
  start: ordered ? Number(start) + count : start,
})

/** An item as a part of its list. */
export const itemPart = ({ make, draw }: Pen, item: Tokens.ListItem): Part => ({
  nodes: draw([item]),
  size: item.raw.length,
  again: relink(item.raw, links => {
    const [list] = lex(item.raw, { links, final: true })
    return list?.type === 'list' ? createPen(make, true).draw(list.items) : []
  }),
})

/** A row and the line that it is made of. */
export interface Row {
  readonly raw: string
  readonly cells: readonly Tokens.TableCell[]
}

/** The rows of a table. */
export function rowsOf({ raw, rows }: Tokens.Table, head: string): readonly Row[] {
  const lines = raw.slice(head.length).split('\n')
  return rows.map((cells, i) => {
    const end = i < lines.length - 1 ? '\n' : ''
    return { raw: `${lines[i] ?? ''}${end}`, cells }
  })
}

/** A row as a part of the table that begins with `head`. */
export const rowPart = (pen: Pen, head: string, { raw, cells }: Row): Part => ({
  nodes: [tableRow(pen, 'td', cells)],
  size: raw.length,
  again: relink(raw, links => {
    const [table] = lex(head + raw, { links, final: true })
    const ink = createPen(pen.make, true)
    return table?.type === 'table' ? table.rows.map(row => tableRow(ink, 'td', row)) : []
  }),
})

/** The first two lines of a table: what its rows are read with. */
export const headOf = (raw: string): string => `${raw.split('\n', 2).join('\n')}\n`

const relink = (raw: string, draw: NonNullable<Part['again']>): Part['again'] =>
  refers(raw) ? links => (mentions(raw, links) ? draw(links) : undefined) : undefined
