import { chinese } from './chinese.ts'
import { type Words, english } from './english.ts'

export type { Words }
export type Language = 'en' | 'zh'

export const words: Readonly<Record<Language, Words>> = { en: english, zh: chinese }

/** Each language's own name. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' }

/** The page's language for the languages that a browser prefers. */
export const languageOf = (preferred: string): Language =>
  preferred.toLowerCase().startsWith('zh') ? 'zh' : 'en'

/** A failure: in short, why and what to do about it, and what the server says in its own language. */
export interface Explained {
  readonly heading: string
  readonly cause: string
  readonly detail: string
}

/** A failure in the page's words; what it has no words for, in the server's. */
export function explain(
  { errors, causes }: Words,
  { code, message }: { code: string; message: string },
): Explained {
  const heading = errors[code]
  const cause = causes[code] ?? ''
  if (heading === undefined) return { heading: message, cause, detail: '' }
  // Nobody but the page says that nobody answers.
  return { heading, cause, detail: code === 'unreachable' && cause !== '' ? '' : message }
}
