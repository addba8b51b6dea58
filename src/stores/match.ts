/** What is searched for: any letter may be upper or lower case, everything else stands for itself. */
export interface Matcher {
  /** False only where no text written in this JSON can hold it: spares parsing most of them. */
  mayBeIn(json: string): boolean
  isIn(text: string): boolean
  /** The first hit and what stands around it, in one line; undefined if there is none. */
  excerpt(text: string): string | undefined
}

/** Characters of an excerpt before the hit, and in all after it. */
const BEFORE = 24
const AFTER = 96

export function createMatcher(search: string): Matcher {
  const pattern = literal(search)
  // In JSON a quotation mark, a backslash and a control character are written in their own way.
  const written = literal(JSON.stringify(search).slice(1, -1))
  return {
    mayBeIn: json => written.test(json),
    isIn: text => pattern.test(text),
    excerpt(text) {
      const hit = pattern.exec(text)
      return hit === null ? undefined : around(text, hit.index, hit[0].length)
    },
  }
}

/** Case by Unicode's simple folding, which knows more than ASCII and never changes a length much. */
const literal = (text: string): RegExp =>
  new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu')

function around(text: string, at: number, length: number): string {
  const from = whole(text, begin(text, at))
  const to = whole(text, Math.min(text.length, at + Math.max(length, AFTER)))
  const piece = text.slice(from, to).replace(/\s+/g, ' ').trim()
  return `${from > 0 ? '…' : ''}${piece}${to < text.length ? '…' : ''}`
}

/** Some way before the hit, at the beginning of a word where there is one. */
function begin(text: string, at: number): number {
  const from = Math.max(0, at - BEFORE)
  const gap = from === 0 ? -1 : text.slice(from, at).search(/\s\S/)
  return gap === -1 ? from : from + gap + 1
}

/** The same place, or the next where no surrogate pair is cut. */
function whole(text: string, at: number): number {
  const inPair = (text.codePointAt(at - 1) ?? 0) > 0xffff
  return inPair ? at + 1 : at
}
