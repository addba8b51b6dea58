/** Streamed Markdown: text → DOM nodes of our own; what is final is never touched again. */
import { createBlocks } from './blocks.ts'
import { type Part, createFlow } from './flow.ts'
import type { Links } from './lexer.ts'
import { createLate } from './late.ts'
import type { Mode } from './mode.ts'

/** As many characters are read at once: marked's time may grow faster than its input. */
export const PIECE = 8 * 1024
/** Characters on a sheet, about: some two screens. */
const SHEET = 4096

/** Writes one text into one element. */
export interface Markdown {
  /** The text goes on. */
  add(text: string): void
  /**
   * The text is complete: what was named before it was defined becomes a link now. False while there
   * is more to do: then call again.
   */
  finish(): boolean
}

/** Draws into `root`, which is emptied. */
export function createMarkdown(root: HTMLElement): Markdown {
  const make = root.ownerDocument
  const late = createLate()
  let links: Links = {}
  // What is not final yet: nothing before it is looked at again.
  let open = ''

  const sheets = createFlow({
    parent: nextSheet(),
    capacity: SHEET,
    sizeOf: part => part.size,
    next(full) {
      ;(full as Element).setAttribute('class', 'sheet full')
      return nextSheet()
    },
    onFinal: settle,
  })
  const blocks = createBlocks({ make, sheets, settle, define })
  let mode: Mode = blocks

  function nextSheet(): Node {
    const sheet = make.createElement('div')
    sheet.setAttribute('class', 'sheet')
    root.append(sheet)
    return sheet
  }

  function settle(part: Part, nodes: readonly Node[]): void {
    late.keep(part, nodes)
  }

  function define(more: Links): void {
    // Of two definitions for one name the first counts.
    links = { ...more, ...links }
  }

  /** Returns how long the last block may become. */
  function read(final: boolean): number {
    for (;;) {
      const { used, next, limit } = mode.read(open, { links, final })
      open = open.slice(used)
      if (!next) return limit
      mode = next
    }
  }

  /** A block that is too long ends here, and what follows is a block of its own. */
  function cut(limit: number): void {
    const rest = open.slice(cutOf(open, limit))
    open = open.slice(0, open.length - rest.length)
    read(true)
    open = rest
  }

  return {
    add(text) {
      for (let at = 0; at < text.length; at += PIECE) {
        open += text.slice(at, at + PIECE)
        for (let limit = read(false); open.length > limit; limit = read(false)) cut(limit)
      }
    },
    finish() {
      read(true)
      return late.link(links)
    },
  }
}

/** Where to cut a text that is too long: after a line, else after a word, else anywhere. */
function cutOf(text: string, limit: number): number {
  const near = text.slice(0, limit)
  const place = Math.max(near.lastIndexOf('\n'), near.lastIndexOf(' ')) + 1
  return place > limit / 2 ? place : limit
}
