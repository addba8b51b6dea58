import type { Tokens } from 'marked'
import { type Content, createContainer, createUnits } from './container.ts'
import type { Canvas, Opened } from './mode.ts'
import { createPen, list } from './nodes.ts'
import { from, itemPart } from './parts.ts'
import { CHUNK } from './tables.ts'

/** A list that may have many items: from now on only the last ones are read. */
export function openList(canvas: Canvas, token: Tokens.List): Opened {
  const pencil = createPen(canvas.make, false)
  const begun = list(pencil, { ...token, items: token.items.slice(0, CHUNK) })
  return {
    part: { nodes: [begun], size: 0 },
    used: 0,
    mode(node, back) {
      let current = node
      let count = 0
      // A list that is full is followed by another that counts on, on a sheet of its own.
      const next = (full: Node): Node => {
        count += CHUNK
        const going = list(pencil, { ...token, ...from(token, count), items: [] })
        const [placed = going] = canvas.sheets.lay(
          [{ nodes: [full], size: Infinity }],
          [{ nodes: [going], size: 0 }],
        )
        current = placed
        return placed
      }
      const content: Content<Tokens.ListItem> = {
        head: '',
        units: own => (own?.type === 'list' ? own.items : undefined),
        part: itemPart,
        flow: createUnits(canvas, { parent: node, capacity: CHUNK, next }),
        block: () => current,
      }
      return createContainer(canvas, content, back)
    },
  }
}
