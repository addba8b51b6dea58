import { Tokenizer, type Tokens } from 'marked'

/** A footnote's mark in the text, or before the footnote itself. */
export interface Footnote {
  readonly type: 'footnote'
  readonly raw: string
  readonly text: string
}

/** Links may lead here; any other address stays text. Relative ones too: a model knows no site. */
export const linkable = /^(?:https?:\/\/|mailto:)/i

/**
 * Quotes, lists and emphasis may be this deep; what is deeper is shown as it was written. marked
 * recurses, and its time grows with depth times length: ten thousand `>` would overflow the stack.
 */
const MAX_DEPTH = 12

/** marked's rules, less HTML, within bounds. */
export function createTokenizer(): Tokenizer {
  const own = new Tokenizer()
  const { prototype: base } = Tokenizer
  let depth = 0
  const deeper = <T>(rule: () => T): T | undefined => {
    if (depth >= MAX_DEPTH) return undefined
    depth++
    try {
      return rule()
    } finally {
      depth--
    }
  }
  return Object.assign(own, {
    html: () => undefined,
    tag: () => undefined,
    blockquote: text => deeper(() => base.blockquote.call(own, text)),
    list: text => deeper(() => base.list.call(own, text)),
    del: (...args) => deeper(() => base.del.call(own, ...args)),
    link: text => deeper(() => base.link.call(own, text)),
    reflink: (text, links) =>
      // marked pushes what it is given, of whatever type.
      (footnote(text) as unknown as Tokens.Text) ??
      deeper(() => base.reflink.call(own, text, links)),
    def: text => definition(base.def.call(own, text)),
    emStrong: withBudget((...args) => deeper(() => base.emStrong.call(own, ...args))),
    inlineText: text => base.inlineText.call(own, text.slice(0, NEAR)),
    url: text => base.url.call(own, text.slice(0, NEAR)),
  } satisfies Partial<Tokenizer>)
}

/** What is no definition of a link that may be one would be lost: `[Ada]: Hello` is said by Ada. */
const definition = (def: ReturnType<Tokenizer['def']>): typeof def =>
  def && linkable.test(def.href) && !def.tag.startsWith('^') ? def : undefined

function footnote(text: string): Footnote | undefined {
  const found = /^\[\^([^\]\s]{1,40})\]:?/.exec(text)
  return found?.[1] === undefined ? undefined : { type: 'footnote', raw: found[0], text: found[1] }
}

/** marked looks for an `@` to the end of the line, for every word: no further than this here. */
const NEAR = 2000
/** An emphasis ends within so many characters, or is none. */
const EMPHASIS_SPAN = 2000
/** As much of what is before it tells whether it is one. */
const EMPHASIS_BEFORE = 100
/**
 * Characters that one text may have looked through for the ends of its emphases, some 80 ms. Without
 * it the time is quadratic: a hundred kilobytes of `a*_` keep marked busy for three minutes.
 */
const EMPHASIS_BUDGET = 2_000_000

function withBudget(rule: Tokenizer['emStrong']): Tokenizer['emStrong'] {
  let budget = EMPHASIS_BUDGET
  return (text, masked, before) => {
    if (text[0] !== '*' && text[0] !== '_') return undefined
    budget -= Math.min(text.length, EMPHASIS_SPAN)
    if (budget < 0) return undefined
    // marked looks through a mask once, and through one that it has not seen each time.
    if (masked.length <= EMPHASIS_SPAN) return rule(text, masked, before)
    const at = masked.length - text.length
    const near = masked.slice(Math.max(0, at - EMPHASIS_BEFORE), at + EMPHASIS_SPAN)
    return rule(text.slice(0, EMPHASIS_SPAN), near, before)
  }
}
