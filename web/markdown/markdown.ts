/** Streamed Markdown: text → DOM nodes of our own; what is finished is never touched again. */
import { type Links, definitions, lex, settled } from './lexer.ts'
import { toNodes } from './nodes.ts'
import { patch } from './patch.ts'

/** A block that grows beyond this is shown as plain text, so that a frame never waits for it. */
const MAX_BLOCK = 48 * 1024
/** Text that comes at once is taken in pieces: marked's time may grow faster than its input. */
const MAX_PIECE = 16 * 1024

/** Writes one text into one element. */
export interface Markdown {
  /** The whole text so far. A text that does not go on from the one before starts anew. */
  write(text: string): void
  /** The text is complete: what was named before it was defined becomes a link now. */
  finish(): void
}

/** Everything before `start` is final: it is the first `nodes` children of the element. */
interface Done {
  readonly start: number
  readonly nodes: number
  /** Link definitions in it. */
  readonly links: Links
}
const nothing: Done = { start: 0, nodes: 0, links: {} }

export function createMarkdown(root: HTMLElement): Markdown {
  const make = root.ownerDocument
  let text = ''
  let done = nothing
  // A block too long to be read as Markdown: it is in this node up to the end of `text`.
  let plain: Text | undefined

  function restart(links: Links): void {
    root.replaceChildren()
    text = ''
    done = { ...nothing, links }
    plain = undefined
  }

  function advance(whole: string): void {
    while (text.length < whole.length) {
      const piece = Math.max(MAX_PIECE, text.length - done.start)
      const from = text.length
      text = whole.slice(0, from + piece)
      if (plain) goOn(plain, from)
      if (!plain) format()
    }
  }

  function format(): void {
    const rest = text.slice(done.start)
    const tokens = lex(rest, done.links)
    const { count, length } = settled(rest, tokens)
    const final = tokens.slice(0, count)
    const nodes = toNodes(make, final)
    patch(root, [...nodes, ...toNodes(make, tokens.slice(count))], done.nodes)
    done = {
      start: done.start + length,
      nodes: done.nodes + nodes.length,
      links: { ...done.links, ...definitions(final) },
    }
    if (rest.length - length > MAX_BLOCK && tokens[count]?.type !== 'code') giveUp()
  }

  function giveUp(): void {
    const paragraph = make.createElement('p')
    paragraph.setAttribute('class', 'plain')
    plain = make.createTextNode(text.slice(done.start))
    paragraph.append(plain)
    patch(root, [], done.nodes)
    root.append(paragraph)
  }

  /** Add what came to the block that is too long; the blank line that ends it may be halved. */
  function goOn(node: Text, from: number): void {
    const blank = text.indexOf('\n\n', from - 1)
    node.appendData(text.slice(from, blank === -1 ? undefined : blank))
    if (blank === -1) return
    plain = undefined
    done = { ...done, start: Math.max(blank, from), nodes: done.nodes + 1 }
  }

  return {
    write(next) {
      const whole = next.replace(/\r\n?/g, '\n')
      if (!whole.startsWith(text)) restart({})
      advance(whole)
    },
    finish() {
      const whole = text
      if (Object.keys(done.links).length === 0) return
      restart(done.links)
      advance(whole)
    },
  }
}
