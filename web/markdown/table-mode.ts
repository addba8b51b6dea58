import type { Tokens } from 'marked'
import { settleColumns } from './columns.ts'
import { type Content, createContainer, createUnits } from './container.ts'
import type { Canvas, Opened } from './mode.ts'
import { createPen } from './nodes.ts'
import { type Row, headOf, rowPart, rowsOf } from './parts.ts'
import { CHUNK, nextBody, table } from './tables.ts'

/** A table that may have many rows: from now on only the last ones are read. */
export function openTable(canvas: Canvas, token: Tokens.Table): Opened {
  const head = headOf(token.raw)
  const begun = table(createPen(canvas.make, false), {
    ...token,
    rows: token.rows.slice(0, CHUNK),
  })
  return {
    part: { nodes: [begun], size: 0 },
    used: head.length,
    mode(box, back) {
      const [, body] = box.firstChild?.childNodes ?? []
      // With the first body full, the widths of the columns are what they will be.
      const next = (full: Node): Node => {
        if (full === body) settleColumns(box as HTMLElement)
        return nextBody(canvas.make, full)
      }
      const content: Content<Row> = {
        head,
        units: own => (own?.type === 'table' ? rowsOf(own, head) : undefined),
        part: (pen, row) => rowPart(pen, head, row),
        flow: createUnits(canvas, { parent: body ?? box, capacity: CHUNK, next }),
        block: () => box,
      }
      return createContainer(canvas, content, back)
    },
  }
}
