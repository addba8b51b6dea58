/** Whether two transports differ: what a verdict may be built on. */
import type { Pair } from './lookup.ts'

/** WebSocket against SSE. */
export type Weight = 'less' | 'same' | 'more'

/** Within a tenth of each other two figures are the same: that is what a second run may change. */
const ALIKE = 1.1

/** What a person who waits does not notice, by a wide margin. */
export const FELT_MS = 10

/** Where the rounds do not agree on which of the two is the smaller, it is the noise's to say. */
export function weigh({ ratio }: Pair): Weight {
  if (ratio === undefined) return 'same'
  const { median, min, max } = ratio
  if (min < 1 && max > 1) return 'same'
  if (median < 1 / ALIKE) return 'less'
  return median > ALIKE ? 'more' : 'same'
}

/** By how many ms the wait over SSE is longer, if it is at all; `times` waits are in the figure. */
export const lag = (pair: Pair, times = 1): number =>
  weigh(pair) === 'less' ? (pair.sse.median - pair.websocket.median) / times : 0
