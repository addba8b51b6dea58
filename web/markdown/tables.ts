import type { Tokens } from 'marked'
import { known } from './lexer.ts'
import { type Maker, type Pen, element } from './pen.ts'

/** As many rows stand in one body of a table, and as many items in one list. */
export const CHUNK = 100

/** A table in a box that scrolls sideways. */
export function table(pen: Pen, { header, rows }: Tokens.Table): HTMLElement {
  const { make } = pen
  const head = element(make, 'thead', [tableRow(pen, 'th', header)])
  const bodies = Array.from({ length: Math.max(1, Math.ceil(rows.length / CHUNK)) }, (_, i) =>
    element(
      make,
      'tbody',
      rows.slice(i * CHUNK, (i + 1) * CHUNK).map(cells => tableRow(pen, 'td', cells)),
    ),
  )
  const box = element(make, 'div', [element(make, 'table', [head, ...bodies])])
  box.setAttribute('class', 'table')
  // Reachable by keyboard, for it may scroll.
  box.setAttribute('tabindex', '0')
  return box
}

export const tableRow = (pen: Pen, name: string, cells: readonly Tokens.TableCell[]): HTMLElement =>
  element(
    pen.make,
    'tr',
    cells.map(cell => tableCell(pen, name, cell)),
  )

function tableCell(pen: Pen, name: string, { align, tokens }: Tokens.TableCell): HTMLElement {
  const made = element(pen.make, name, pen.draw(known(tokens)))
  if (align) made.setAttribute('class', align)
  return made
}

/** An empty body behind the last one of a table. */
export function nextBody(make: Maker, body: Node): Node {
  const next = make.createElement('tbody')
  body.parentNode?.appendChild(next)
  return next
}
