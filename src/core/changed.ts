import type { Updated } from './event.ts'

/** A place in an answer where other settings took over, as its log has it. */
export interface Changed extends Omit<Updated, 'type'> {
  /** UTF-16 units of the answer's text before it. */
  readonly offset: number
}

/** So many are kept of one answer, the latest: each may carry a system prompt. */
export const MOST_CHANGES = 64

/** The places after one more update. Of several at one place only the last produced any text. */
export function changed(
  before: readonly Changed[],
  { model, params, mode }: Omit<Updated, 'type'>,
  text: string,
): readonly Changed[] {
  const offset = mode === 'restart' ? 0 : text.length
  const last = before.at(-1)
  // That the text before it was dropped stays true.
  const dropped = last?.offset === offset && last.mode === 'restart'
  const place = { offset, model, params, mode: dropped ? 'restart' : mode } as const
  return [...before.filter(earlier => earlier.offset < offset), place].slice(-MOST_CHANGES)
}
