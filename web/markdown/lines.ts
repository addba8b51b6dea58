/** The text with every end of a line as Markdown knows it. */
export const unify = (text: string): string => text.replace(/\r\n?/g, '\n')

/** How long the start of `text` is that unified is `length` long. */
export function lengthBefore(text: string, length: number): number {
  if (!text.includes('\r')) return length
  let at = 0
  for (let seen = 0; seen < length; seen++) at += text.startsWith('\r\n', at) ? 2 : 1
  return at
}
