import type { Links } from './lexer.ts'
import { patch } from './patch.ts'

/** What was made of a piece of the text. */
export interface Part {
  readonly nodes: readonly Node[]
  /** How long the piece is. */
  readonly size: number
  /** What follows stays beside it, as the text does under its heading. */
  readonly holds?: boolean
  /** The same nodes where these links are known; undefined where that makes no difference. */
  readonly again?: ((links: Links) => readonly Node[] | undefined) | undefined
}

/** Parts one below the other. */
export interface Flow {
  /**
   * Final parts go behind those that are, open ones behind them. What was open before is kept as far
   * as it only grew. Returns the nodes of the open ones as they stand there.
   */
  lay(final: readonly Part[], open: readonly Part[]): readonly Node[]
}

interface Setup {
  readonly parent: Node
  /** One parent holds so much, in the measure of `sizeOf`. */
  readonly capacity: number
  readonly sizeOf: (part: Part) => number
  /** The parent after one that is full. */
  readonly next: (full: Node) => Node
  /** A part is final, and these are its nodes. */
  readonly onFinal: (part: Part, nodes: readonly Node[]) => void
}

/** Parents hold so much and no more, so that what is done at the end does not depend on the rest. */
export function createFlow({ parent, capacity, sizeOf, next, onFinal }: Setup): Flow {
  // The final child behind which the open ones are.
  let last: Node | null = null
  let used = 0
  let held = false

  function turn(): void {
    parent = next(parent)
    last = null
    used = 0
  }

  function place(final: readonly Part[], open: readonly Part[]): readonly Node[] {
    patch(
      parent,
      [...final, ...open].flatMap(part => part.nodes),
      last,
    )
    const all = behind(parent, last)
    let at = 0
    for (const part of final) onFinal(part, all.slice(at, (at += part.nodes.length)))
    last = all[at - 1] ?? last
    return all.slice(at)
  }

  return {
    lay(final, open) {
      let batch: Part[] = []
      const turnIfFull = (): void => {
        if (used < capacity || held) return
        place(batch, [])
        batch = []
        turn()
      }
      for (const part of final) {
        if (part.nodes.length > 0) turnIfFull()
        batch.push(part)
        used += sizeOf(part)
        held = part.nodes.length > 0 ? (part.holds ?? false) : held
      }
      if (open.some(part => part.nodes.length > 0)) turnIfFull()
      return place(batch, open)
    },
  }
}

function behind(parent: Node, last: Node | null): readonly Node[] {
  const nodes: Node[] = []
  for (let node = last ? last.nextSibling : parent.firstChild; node; node = node.nextSibling)
    nodes.push(node)
  return nodes
}
