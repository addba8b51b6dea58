/** Times and numbers as people read them. */
import type { Words } from '../words/words.ts'

/** A time that was measured: the shorter, the finer. */
export function timeOf(ms: number, words: Words): string {
  const s = ms / 1000
  if (s < 1) return words.seconds(s.toFixed(2))
  if (s < 10) return words.seconds(s.toFixed(1))
  return wholeTime(ms, words)
}

/** A time in whole seconds. */
export function wholeTime(ms: number, words: Words): string {
  const s = Math.max(0, Math.round(ms / 1000))
  return s < 60 ? words.seconds(String(s)) : words.minutes(Math.floor(s / 60), s % 60)
}

/** The same in all languages that the page speaks. */
export const countOf = (n: number): string => n.toLocaleString('en')

export const rateOf = (rate: number, words: Words): string =>
  words.perSecond(rate < 10 ? rate.toFixed(1) : countOf(Math.round(rate)))

/** A guess is marked. */
export const about = (text: string, guessed: boolean | undefined): string =>
  guessed === true ? `≈ ${text}` : text
