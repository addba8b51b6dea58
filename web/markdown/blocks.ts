import { openCode } from './code-mode.ts'
import { type Mark, definitions, lex } from './lexer.ts'
import { lengthBefore, unify } from './lines.ts'
import { openList } from './list-mode.ts'
import { type Canvas, LONGEST_BLOCK, LONGEST_PARAGRAPH, type Mode, type Opened } from './mode.ts'
import { createPen } from './nodes.ts'
import { blockParts } from './parts.ts'
import { settled } from './settled.ts'
import { openTable } from './table-mode.ts'

/** A list or table beyond this has a reader of its own. */
const LONG = 2048

/** Reads blocks, and leaves those that go on and on to others. */
export function createBlocks(canvas: Canvas): Mode {
  const { make, sheets, define } = canvas
  const ink = createPen(make, true)
  const pencil = createPen(make, false)

  const blocks: Mode = {
    read(raw, reading) {
      const text = unify(raw)
      const tokens = exact(raw, lex(text, reading))
      const count = reading.final ? tokens.length : finalCount(text, tokens)
      const final = tokens.slice(0, count)
      const open = tokens.slice(count)
      const used = lengthBefore(raw, lengthOf(final))
      define(definitions(final))
      const parts = final.flatMap(token => blockParts(ink, token))
      const opened = openedBy(canvas, open, raw.slice(used))
      if (!opened) {
        sheets.lay(
          parts,
          open.flatMap(token => blockParts(pencil, token)),
        )
        const limit = open[0]?.type === 'paragraph' ? LONGEST_PARAGRAPH : LONGEST_BLOCK
        return { used, limit }
      }
      const [node] = sheets.lay(parts, [opened.part])
      const next = node && opened.mode(node, blocks)
      return { used: used + opened.used, limit: LONGEST_BLOCK, ...(next && { next }) }
    },
  }
  return blocks
}

/** The last block, where it is one that goes on and on. */
function openedBy(canvas: Canvas, open: readonly Mark[], raw: string): Opened | undefined {
  const [token, ...more] = open
  if (more.some(({ type }) => type !== 'space')) return undefined
  if (token?.type === 'code' && token.codeBlockStyle !== 'indented')
    return openCode(canvas, token, raw)
  if (raw.length < LONG) return undefined
  if (token?.type === 'list') return openList(canvas, token)
  if (token?.type === 'table') return openTable(canvas, token)
  return undefined
}

const lengthOf = (tokens: readonly Mark[]): number =>
  tokens.reduce((sum, { raw }) => sum + raw.length, 0)

/** How many tokens at the start no later text can change. */
function finalCount(text: string, tokens: readonly Mark[]): number {
  const blocks = tokens.filter(({ type }) => type !== 'space')
  const firstOpen = blocks[settled(text, blocks)]
  const count = firstOpen ? tokens.indexOf(firstOpen) : 0
  // Where marked rewrote its input, lengths no longer tell places.
  let at = 0
  const moved = tokens.slice(0, count).findIndex(({ raw }) => {
    const begins = text.startsWith(raw, at)
    at += raw.length
    return !begins
  })
  return moved === -1 ? count : moved
}

/** With code as it was written: where lines end with CR or CRLF, marked was given others. */
function exact(raw: string, tokens: readonly Mark[]): readonly Mark[] {
  if (!raw.includes('\r')) return tokens
  let at = 0
  return tokens.map(token => {
    const start = at
    at += token.raw.length
    if (token.type !== 'code') return token
    return { ...token, source: raw.slice(lengthBefore(raw, start), lengthBefore(raw, at)) }
  })
}
