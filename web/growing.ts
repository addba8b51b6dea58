/**
 * A text that grows at its end. Adding to it costs the same however long it is, and what came since
 * an earlier moment is had without looking at the rest: a string would be copied whole for both.
 */
export interface Growing {
  readonly length: number
  /** What came last. */
  readonly piece: string
  /** The text without it. */
  readonly before: Growing | undefined
}

/** The text that every other one grows from. */
export const blank: Growing = { length: 0, piece: '', before: undefined }

export const grow = (text: Growing, piece: string): Growing =>
  piece === '' ? text : { length: text.length + piece.length, piece, before: text }

/** What came to `text` since it was `earlier`; undefined where it did not grow from that. */
export function since(text: Growing, earlier: Growing): string | undefined {
  const pieces: string[] = []
  let at = text
  while (at.before && at.length > earlier.length) {
    pieces.push(at.piece)
    at = at.before
  }
  return at === earlier ? pieces.toReversed().join('') : undefined
}

/** All of it, as a string. */
export const whole = (text: Growing | string): string =>
  typeof text === 'string' ? text : (since(text, blank) ?? '')
