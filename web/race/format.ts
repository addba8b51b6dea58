/** Figures as the race says them. */
import { toCount, toNumber } from '../../src/bench/report/format.ts'
import type { Speech } from './words.ts'

/** A wait: three digits of it. */
export const toMs = (ms: number, words: Speech): string => words.ms(toNumber(ms))

/** How long a race, or a pause in it, took. */
export const toSeconds = (ms: number, words: Speech): string =>
  words.seconds((ms / 1000).toFixed(1))

/** A difference of two waits. */
export const toLead = (ms: number, words: Speech): string =>
  ms < 1000 ? toMs(ms, words) : toSeconds(ms, words)

export { toCount, toNumber }
