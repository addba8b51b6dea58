import type { Part } from './flow.ts'
import type { Links } from './lexer.ts'
import { grow } from './patch.ts'

/** What may name links that are defined later. */
export interface Late {
  keep(part: Part, nodes: readonly Node[]): void
  /** These are all links. False while there is more to do: then call again. */
  link(links: Links): boolean
}

interface Kept {
  readonly nodes: readonly Node[]
  readonly again: NonNullable<Part['again']>
  readonly size: number
}

/** As many characters are read again at once. */
const PIECE = 8 * 1024

export function createLate(): Late {
  const kept: Kept[] = []
  return {
    keep({ again, size }, nodes) {
      if (again) kept.push({ again, size, nodes })
    },
    link(links) {
      if (Object.keys(links).length === 0) kept.length = 0
      for (let read = 0; read < PIECE;) {
        const one = kept.pop()
        if (!one) return true
        replace(one.nodes, one.again(links) ?? [])
        read += one.size
      }
      return kept.length === 0
    },
  }
}

function replace(nodes: readonly Node[], fresh: readonly Node[]): void {
  nodes.forEach((node, i) => {
    const wanted = fresh[i]
    if (wanted && !grow(node, wanted)) node.parentNode?.replaceChild(wanted, node)
  })
}
