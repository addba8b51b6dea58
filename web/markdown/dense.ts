import type { Lexer, Token, Tokens } from 'marked'

/** Letters of languages that are written without spaces. */
const letters = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]/u

export const isDense = (text: string): boolean => letters.test(text)

/** An emphasis ends within so many characters, or is none. */
const SPAN = 400

/**
 * The emphasis at the start of `src` where such letters are in it or beside it. By the rules of
 * Markdown the stars of `**注意：**这是` are none, for lack of a space. Everybody who writes them means
 * them.
 */
export function dense(
  lexer: Lexer,
  src: string,
  tokens: readonly Token[],
): Tokens.Strong | Tokens.Em | undefined {
  if (src[0] !== '*') return undefined
  const near = src.slice(0, SPAN)
  const found = /^(\*\*?)(?![\s*])([^*\n]*[^*\s])\1(?!\*)/.exec(near)
  if (!found?.[2]) return undefined
  const [raw, stars, text] = found
  const before = tokens.at(-1)?.raw.slice(-1) ?? ''
  if (before === '*' || !isDense(before + near.slice(0, raw.length + 1))) return undefined
  return { type: stars === '*' ? 'em' : 'strong', raw, text, tokens: lexer.inlineTokens(text) }
}
