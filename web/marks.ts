/** A piece of a text; `hit` if it is what was searched for. */
export interface Piece {
  readonly text: string
  readonly hit: boolean
}

/** A text with what is searched for told apart, by the same rule as the server finds it. */
export function pieces(text: string, search: string): readonly Piece[] {
  const wanted = search.trim()
  if (wanted === '') return [{ text, hit: false }]
  // Split at a group, the hits stand at the odd places.
  return text
    .split(new RegExp(`(${wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')})`, 'giu'))
    .map((piece, i) => ({ text: piece, hit: i % 2 === 1 }))
    .filter(piece => piece.text !== '')
}
