/** What is known of an ended answer beside its text, as this page measured it. */
import type { Turn } from '../src/transports/views.ts'
import { type Pace, rateAt } from './pace.ts'

/**
 * In ms, each missing where it was not measured (see pace.ts). `first`: from sending the question
 * to the first piece, of reasoning or text. `total`: from sending it to the end. `thought`: while
 * it reasoned and wrote no text. `rate`: tokens a second from the first piece to the last.
 */
export interface Figures {
  readonly first?: number
  readonly total?: number
  readonly thought?: number
  readonly rate?: number
  /** The speed is by the page's own guess of tokens. */
  readonly rough?: boolean
}
export type Usage = NonNullable<Turn['usage']>

/** So many answers are remembered. */
export const MOST_FIGURES = 200

/**
 * What was measured so far; `usage` is the model's own count. All of it is spread over the pieces as
 * the page guesses them. Where the two are far apart the model counts what nobody sees, reasoning
 * that it keeps to itself, say: then the guess of what was seen is nearer to the truth.
 */
export function figuresOf(pace: Pace, usage: Usage | undefined): Figures {
  const { first, total, thought, latest } = pace
  const seen = pace.asked === undefined ? undefined : rateAt(pace, latest ?? 0)
  const ratio = usage === undefined || pace.tokens === 0 ? 0 : usage.output / pace.tokens
  const fits = ratio > 0.4 && ratio < 2
  return {
    ...(first !== undefined && { first }),
    ...(total !== undefined && { total }),
    ...(thought !== undefined && thought > 0 && { thought }),
    ...(seen !== undefined && { rate: fits ? seen * ratio : seen }),
    ...(seen !== undefined && (!fits || usage?.estimated === true) && { rough: true }),
  }
}
