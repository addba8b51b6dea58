import type { Work } from '../work.ts'
import { type Run, highlight } from './highlight.ts'
import { keepingSelection } from './selection.ts'

/** A longer block stays in one colour: 5,000 lines of 60 characters are within. */
const LONGEST = 400_000
/** A task paints so many characters at most: each word of them may become an element. */
const COST = 2

interface Wish {
  readonly grammar: string
  /** The elements still hold the code. */
  readonly wanted: () => boolean
  readonly work: Work
}

/** Give the code in `chunks`, each of one text, its colours. Where lines stand stays the same. */
export async function paint(
  chunks: readonly HTMLElement[],
  code: string,
  { grammar, wanted, work }: Wish,
): Promise<void> {
  if (code.length > LONGEST) return
  const runs = await highlight(grammar, code)
  if (!runs) return
  const take = cutter(runs)
  for (const chunk of chunks) {
    const length = chunk.textContent?.length ?? 0
    work(length * COST, () => {
      const own = take(length)
      if (wanted()) keepingSelection(chunk, () => fill(chunk, own))
    })
  }
}

/** Hands out the runs of so many characters, one piece of the text after the other. */
function cutter(runs: readonly Run[]): (length: number) => readonly Run[] {
  let at = 0
  let left = runs[0]?.[0] ?? 0
  return length => {
    const taken: Run[] = []
    for (let rest = length; rest > 0 && at < runs.length;) {
      const size = Math.min(rest, left)
      taken.push([size, runs[at]?.[1] ?? ''])
      rest -= size
      left -= size
      if (left === 0) left = runs[++at]?.[0] ?? 0
    }
    return taken
  }
}

function fill(chunk: HTMLElement, runs: readonly Run[]): void {
  const text = chunk.textContent ?? ''
  let at = 0
  const nodes = runs.map(([length, kind]) => coloured(text.slice(at, (at += length)), kind))
  chunk.replaceChildren(...nodes)
}

function coloured(text: string, kind: string): Node {
  if (kind === '') return new Text(text)
  const span = document.createElement('span')
  span.className = `hl-${kind}`
  span.append(text)
  return span
}
