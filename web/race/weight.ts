/**
 * Tokens of a text as far as it is known while it is written: a guess, four ASCII characters a
 * token and 0.7 tokens any other character, until the server says how many they were.
 */
export function weightOf(text: string): number {
  let ascii = 0
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x80) ascii++
  return ascii * ASCII_TOKENS + (text.length - ascii) * OTHER_TOKENS
}

const ASCII_TOKENS = 1 / 4
/** About what current models take for Chinese. */
const OTHER_TOKENS = 0.7
