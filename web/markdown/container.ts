import { type Flow, type Part, createFlow } from './flow.ts'
import { type Mark, lex } from './lexer.ts'
import { lengthBefore, unify } from './lines.ts'
import { type Canvas, LONGEST_BLOCK, type Mode } from './mode.ts'
import { createPen } from './nodes.ts'
import { blockParts } from './parts.ts'
import type { Pen } from './pen.ts'
import { settled } from './settled.ts'

/** What a list and a table have in common: one by one their units become final. */
export interface Content<Unit extends { readonly raw: string }> {
  /** What the rest of the text is read with. */
  readonly head: string
  /** The units of a token; undefined where it is something else. */
  readonly units: (token: Mark | undefined) => readonly Unit[] | undefined
  readonly part: (pen: Pen, unit: Unit) => Part
  /** Where the units stand. */
  readonly flow: Flow
  /** The element in the sheet that they belong to now. */
  readonly block: () => Node
}

/** Reads a block unit by unit: what is final is not read again, however long the block becomes. */
export function createContainer<Unit extends { readonly raw: string }>(
  { make, sheets }: Canvas,
  { head, units, part, flow, block }: Content<Unit>,
  back: Mode,
): Mode {
  const ink = createPen(make, true)
  const pencil = createPen(make, false)
  let size = head.length

  return {
    read(raw, reading) {
      const text = unify(raw)
      const [own, ...rest] = lex(head + text, reading)
      const all = units(own)
      if (!own || !all) return { used: 0, next: back, limit: LONGEST_BLOCK }
      const others = rest.filter(token => token.type !== 'space')
      const over = reading.final || settled(head + text, [own, ...others]) > 0
      const count = over ? all.length : settled(text, all)
      flow.lay(
        all.slice(0, count).map(unit => part(ink, unit)),
        all.slice(count).map(unit => part(pencil, unit)),
      )
      const used = over
        ? own.raw.length - head.length
        : all.slice(0, count).reduce((sum, unit) => sum + unit.raw.length, 0)
      size += used
      const self = { nodes: [block()], size }
      const after = others.flatMap(token => blockParts(pencil, token))
      if (over) sheets.lay([self], after)
      else sheets.lay([], [self, ...after])
      return { used: lengthBefore(raw, used), limit: LONGEST_BLOCK, ...(over && { next: back }) }
    },
  }
}

/** A flow of so many units in each of its parents. */
export const createUnits = (
  canvas: Canvas,
  { parent, capacity, next }: { parent: Node; capacity: number; next: (full: Node) => Node },
): Flow => createFlow({ parent, capacity, next, sizeOf: () => 1, onFinal: canvas.settle })
