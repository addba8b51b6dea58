/** A code block between fences, read line by line: a block that goes on costs only what comes. */
export interface Fence {
  /** What follows the opening line, as it comes; `used` is how much of it will not be wanted again. */
  read(text: string, final: boolean): FenceReading
}

export interface FenceReading {
  readonly used: number
  /** What of it is code, byte for byte. */
  readonly code: string
  /** The end has come. */
  readonly closed: boolean
  /** What is not used looks like the end, unless its line goes on. */
  readonly closing?: boolean
}

/** The first line of a fenced block; only with its end is it known what the language is. */
const opening = /^( {0,3})(`{3,}|~{3,})[^\r\n]*(?:\r\n|\n|\r(?!$))/

/** The fence at the start of a text and how long its first line is; undefined where there is none. */
export function openFence(text: string): { fence: Fence; length: number } | undefined {
  const found = opening.exec(text)
  if (!found) return undefined
  const [line, indent = '', marks = ''] = found
  return { fence: createFence(indent.length, marks), length: line.length }
}

/** What is between the fences of a block that is here as far as it has come. */
export function insideFences(raw: string, final: boolean): FenceReading {
  const opened = openFence(raw)
  if (!opened) return { used: raw.length, code: '', closed: final }
  return opened.fence.read(raw.slice(opened.length), final)
}

function createFence(indent: number, marks: string): Fence {
  const mark = marks[0] === '~' ? '~' : '`'
  const closing = new RegExp(`^ {0,3}${mark}{${marks.length},} *$`)
  const beginning = new RegExp(`^ {0,3}${mark}* *$`)
  const indented = new RegExp(`^[ \\t]{0,${indent}}`)
  // Of a line that is not complete, the beginning was given away.
  let within = false

  const shown = (line: string): string => (within ? line : line.replace(indented, ''))

  return {
    read(text, final) {
      let code = ''
      let used = 0
      for (const { 0: end, index } of text.matchAll(/\r\n?|\n/g)) {
        // It may be the first half of a line's end.
        if (end === '\r' && index === text.length - 1 && !final) break
        const line = text.slice(used, index)
        const after = index + end.length
        if (!within && closing.test(line)) return { used: after, code, closed: true }
        code += shown(line) + end
        used = after
        within = false
      }
      const rest = text.slice(used)
      if (final) {
        const closed = !within && closing.test(rest)
        return { used: text.length, code: closed ? code : code + shown(rest), closed: true }
      }
      const seen = rest.replace(/\r$/, '')
      // It may be, or become, the closing fence.
      if (seen === '' || (!within && beginning.test(seen)))
        return { used, code, closed: false, closing: !within && closing.test(seen) }
      code += shown(seen)
      within = true
      return { used: used + seen.length, code, closed: false }
    },
  }
}
