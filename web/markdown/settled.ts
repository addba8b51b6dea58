/** A block, an item or a row, and the text that it was read from. */
interface Unit {
  readonly raw: string
}

/** The beginning of a line says which block it belongs to; more than this is not looked at. */
const LONG_LINE = 200

/**
 * How many units at the start of `text` no later text can change. The last may still grow; and until
 * it is sure to be one, it may turn out to belong to the one before.
 */
export function settled(text: string, units: readonly Unit[]): number {
  let end = text.length
  for (let i = units.length - 1; i > 0; i--) {
    const unit = units[i] as Unit
    const at = text.lastIndexOf(unit.raw.trimEnd(), end)
    if (isSure(unit, text.slice(0, at), text.slice(at))) return i
    end = at - 1
  }
  return 0
}

/**
 * After a blank line the first line of a unit tells what it is; else it takes two lines, for the
 * second may make a table of both.
 */
function isSure(unit: Unit, before: string, tail: string): boolean {
  if (isOpenFormula(unit)) return false
  const apart = /\n[ \t]*\n$/.test(before.slice(-LONG_LINE))
  const lines = tail.split('\n', 3).length - 1
  return tail.length > LONG_LINE || lines > (apart ? 0 : 1)
}

/** More on its last line, and it is no formula. */
const isOpenFormula = (unit: Unit): boolean =>
  'open' in unit && (unit.open === true || !unit.raw.endsWith('\n'))
