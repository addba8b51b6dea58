import type { Language } from './words.ts'

/** So much of a text tells its language: an answer that grows is not read again and again. */
const ENOUGH = 200

/**
 * The language that a text is to be read aloud in. A Chinese character weighs as much as a word of
 * letters; what has neither is in the language of the page.
 */
export function tongueOf(text: string, page: Language): Language {
  const start = text.slice(0, ENOUGH)
  const characters = start.match(/\p{sc=Han}/gv)?.length ?? 0
  const words = start.match(/[\p{L}--\p{sc=Han}]+/gv)?.length ?? 0
  if (characters === words) return page
  return characters > words ? 'zh' : 'en'
}
