import type { Work } from '../work.ts'
import { type Markdown, PIECE, createMarkdown } from './markdown.ts'

/** A text that is drawn as fast as it comes, and piece by piece where much of it comes at once. */
export interface Paced {
  add(text: string): void
  finish(): void
  /** Begin anew. */
  clear(): void
}

interface Setup {
  readonly work: Work
  /** All of it is drawn, to its end. */
  readonly finished: () => void
}

export function createPaced(root: HTMLElement, { work, finished }: Setup): Paced {
  let markdown: Markdown | undefined
  let waiting = ''
  let finishing = false
  let asked = false

  function ask(): void {
    if (asked || (waiting === '' && !finishing)) return
    asked = true
    work(Math.min(PIECE, waiting.length), () => {
      asked = false
      draw()
      ask()
    })
  }

  function draw(): void {
    markdown ??= createMarkdown(root)
    const piece = waiting.slice(0, PIECE)
    waiting = waiting.slice(PIECE)
    markdown.add(piece)
    if (waiting !== '' || !finishing) return
    finishing = !markdown.finish()
    if (!finishing) finished()
  }

  return {
    add(text) {
      waiting += text
      ask()
    },
    finish() {
      finishing = true
      ask()
    },
    clear() {
      root.replaceChildren()
      markdown = undefined
      waiting = ''
      finishing = false
    },
  }
}
