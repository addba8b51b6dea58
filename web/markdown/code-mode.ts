import type { Tokens } from 'marked'
import { openFence } from './fence.ts'
import { type Canvas, LONGEST_BLOCK, type Opened, type Progress } from './mode.ts'
import { codeBlock } from './nodes.ts'

/** The element of a code block: it takes more text at its end. */
interface CodeElement extends Element {
  add(text: string): void
}

/** A code block whose first line is complete: from now on only what comes is looked at. */
export function openCode(canvas: Canvas, token: Tokens.Code, raw: string): Opened | undefined {
  const opened = openFence(raw)
  if (!opened) return undefined
  const begun = codeBlock(canvas.make, { info: token.lang, code: '', closed: false })
  return {
    part: { nodes: [begun], size: 0 },
    used: opened.length,
    mode(node, back) {
      const element = node as CodeElement
      let size = opened.length
      return {
        read(text, { final }): Progress {
          const { used, code, closed, closing } = opened.fence.read(text, final)
          size += used
          if (code !== '') element.add(code)
          if (closed || closing) element.setAttribute('closed', '')
          else element.removeAttribute('closed')
          if (!closed) return { used, limit: LONGEST_BLOCK }
          canvas.sheets.lay([{ nodes: [node], size }], [])
          return { used, next: back, limit: LONGEST_BLOCK }
        },
      }
    },
  }
}
