/** Mathematics in Markdown: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`. What is not sure to be it stays text. */
export interface Formula {
  readonly type: 'formula'
  /** With what stands around it. */
  readonly raw: string
  /** On lines of its own. */
  readonly display: boolean
  /** Its end has not come yet. */
  readonly open: boolean
}

/** More characters than this are no formula that somebody reads, and KaTeX's time grows with them. */
const LONGEST_FORMULA = 2000
/** Most texts have none, and need not be searched for any. */
export const mayHaveFormulas = (text: string): boolean => /\$|\\[([]/.test(text)

/** Where the next formula may begin is not looked for further ahead; then it is looked for again. */
const AHEAD = 2000

/** Where the next formula may begin in what follows; -1 for nowhere near. */
export const nextBlock = (src: string): number =>
  src.slice(0, AHEAD).search(/(?<=\n) {0,3}(?:\$\$|\\\[)/)
export const nextInline = (src: string): number => src.slice(0, AHEAD).search(/\$|\\[([]/)

/**
 * Lines from `$$` or `\[` on to its end. A blank line ends the attempt, as it does in TeX; `final`
 * where no more text comes that could bring the end.
 */
export function blockFormula(src: string, final: boolean): Formula | undefined {
  const opening = /^ {0,3}(\$\$|\\\[)/.exec(src)
  if (!opening) return undefined
  const near = src.slice(0, LONGEST_FORMULA)
  const blank = near.search(/\n[ \t]*\n/)
  const inside = near.slice(opening[0].length, blank === -1 ? undefined : blank)
  const close = opening[1] === '$$' ? '$$' : '\\]'
  const end = inside.indexOf(close)
  if (end === -1) {
    const open = !final && blank === -1 && near.length === src.length
    return open ? formula(src, { display: true, open }) : undefined
  }
  const rest = /^[ \t]*(?:\n|$)/.exec(near.slice(opening[0].length + end + close.length))
  if (!rest || inside.slice(0, end).trim() === '') return undefined
  return formula(src.slice(0, opening[0].length + end + close.length + rest[0].length), {
    display: true,
  })
}

/** A formula in the middle of a line, after the character `before`. */
export function inlineFormula(src: string, before: string): Formula | undefined {
  const display = /^(?:\$\$([^$]+)\$\$|\\\[([^]+?)\\\])/
  const inline = /^\\\([^]+?\\\)/
  const near = src.slice(0, LONGEST_FORMULA)
  if (near[0] !== '$' && near[0] !== '\\') return undefined
  const shown = display.exec(near)
  // In a line, a bracket may have got its backslash so that it is no link: it takes more to be TeX.
  const isTex = shown?.[1]?.trim() ?? /[\\^_=+<>|*/]/.test(shown?.[2] ?? '')
  if (shown && isTex) return formula(shown[0], { display: true })
  const raw = inline.exec(near)?.[0] ?? (/\w/.test(before) ? undefined : inDollars(near))
  return raw === undefined ? undefined : formula(raw, { display: false })
}

const formula = (
  raw: string,
  { display, open = false }: { display: boolean; open?: boolean },
): Formula => ({ type: 'formula', raw, display, open })

/**
 * `$…$` as Pandoc reads it: no space inside the dollars and no digit after them. So `$5 and $10` is
 * none; nor is `$HOME/$USER`, and `$5 or 10$`, which is words after a number.
 */
function inDollars(src: string): string | undefined {
  const found = /^\$(?![\s$])((?:\\.|[^$\\`])*?(?:\\\S|[^\s\\$`]))\$/.exec(src)
  if (!found?.[1]) return undefined
  const [raw, inside] = found
  const after = src.slice(raw.length, raw.length + 4)
  if (/^\w/.test(after) && !/^(?:th|st|nd|rd|s)\b/.test(after)) return undefined
  const bare = inside.replace(/\\[a-zA-Z]+|\{[^{}]*\}/g, ' ')
  return /^\d/.test(bare) && /[\s,][a-zA-Z]{2}|\p{Script=Han}/u.test(bare) ? undefined : raw
}

/** The text with other letters in the place of its formulas: their stars are no emphasis. */
export const mask = (src: string): string =>
  src.includes('$')
    ? src.replace(/(?<!\w)\$(?![\s$])[^$`\n]{0,400}?[^\s$`]\$/g, found =>
        '$'.padEnd(found.length, 'a'),
      )
    : src
