/** An answer in parts, each written with other settings. */
import type { Turn } from '../src/transports/views.ts'
import { goOn } from './carry.ts'
import type { Item } from './link/link.ts'

/** A place in an answer where other settings took over. */
export type Changed = NonNullable<Turn['changes']>[number]
type Updated = Extract<Item, { type: 'updated' }>

/** The latest so many are marked, as the server keeps them. */
const MOST = 64

/** The places after one more update; the server comes to the same ones (src/core/changed.ts). */
export function changed(
  before: readonly Changed[],
  { model, params, mode }: Updated,
  text: string,
): readonly Changed[] {
  const offset = mode === 'restart' ? 0 : text.length
  const last = before.at(-1)
  const dropped = last?.offset === offset && last.mode === 'restart'
  const place = { offset, model, params, mode: dropped ? 'restart' : mode } as const
  return [...before.filter(earlier => earlier.offset < offset), place].slice(-MOST)
}

export interface Part {
  /** What changed before it; undefined for the first. */
  readonly change: Changed | undefined
  /** Markdown that stands on its own. */
  readonly text: string
}

/** The first part is left out where an answer begins with a change. */
export function partsOf(text: string, changes: readonly Changed[]): readonly Part[] {
  const [first] = changes
  if (first === undefined) return [{ change: undefined, text }]
  const rest = changes.map((change, i) => {
    const part = text.slice(change.offset, changes[i + 1]?.offset)
    return { change, text: goOn(change, text.slice(0, change.offset), part) }
  })
  if (first.offset === 0) return rest
  return [{ change: undefined, text: text.slice(0, first.offset) }, ...rest]
}
