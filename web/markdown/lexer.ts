import { Lexer, type MarkedToken, type Token, Tokenizer, type TokensList } from 'marked'

export type Links = TokensList['links']

/**
 * Quotes, lists and emphasis may be this deep; what is deeper is shown as it was written. marked
 * recurses, and its time grows with depth times length: ten thousand `>` would overflow the stack.
 */
const MAX_DEPTH = 12

/** The tokens of a Markdown text. HTML is text here, and `links` are defined besides its own. */
export function lex(text: string, links: Links): readonly MarkedToken[] {
  const lexer = new Lexer({ gfm: true, breaks: true, tokenizer: createTokenizer() })
  // A copy: what is defined in an unfinished block is not yet what it will be.
  lexer.tokens.links = { ...links }
  return known(lexer.lex(text))
}

/** There are no extensions, so there are no tokens but marked's own. */
export const known = (tokens: readonly Token[] | undefined): readonly MarkedToken[] =>
  (tokens ?? []) as readonly MarkedToken[]

/** marked's rules, less HTML, within bounds. */
function createTokenizer(): Tokenizer {
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
    reflink: (...args) => deeper(() => base.reflink.call(own, ...args)),
    emStrong: withBudget((...args) => deeper(() => base.emStrong.call(own, ...args))),
    inlineText: text => base.inlineText.call(own, text.slice(0, NEAR)),
    url: text => base.url.call(own, text.slice(0, NEAR)),
  } satisfies Partial<Tokenizer>)
}

/** marked looks for an `@` to the end of the line, for every word: no further than this here. */
const NEAR = 2000
/** An emphasis ends within so many characters, or is none. */
const EMPHASIS_SPAN = 2000
/**
 * Characters that one text may have looked through for the ends of its emphases, some 80 ms. Without
 * it the time is quadratic: a hundred kilobytes of `a*_` keep marked busy for three minutes.
 */
const EMPHASIS_BUDGET = 2_000_000

function withBudget(rule: Tokenizer['emStrong']): Tokenizer['emStrong'] {
  let budget = EMPHASIS_BUDGET
  return (text, masked, before) => {
    if (text[0] !== '*' && text[0] !== '_') return undefined
    const span = Math.min(text.length, EMPHASIS_SPAN)
    budget -= span
    if (budget < 0) return undefined
    const end = masked.length - text.length + span
    return rule(text.slice(0, span), masked.slice(0, end), before)
  }
}

/** The definitions of links among top-level blocks. */
export function definitions(tokens: readonly MarkedToken[]): Links {
  const defs = tokens.filter(token => token.type === 'def')
  return Object.fromEntries(defs.map(({ tag, href, title }) => [tag, { href, title }]))
}

/** The beginning of a line says which block it belongs to; more than this is not looked at. */
const LONG_LINE = 200

/**
 * How many blocks at the start of `text`, and how many characters they are, that no later text can
 * change. The last block may still grow; and until its first line is complete, it may turn out to
 * belong to the block before it.
 */
export function settled(
  text: string,
  tokens: readonly MarkedToken[],
): { count: number; length: number } {
  const blocks = tokens.flatMap((token, i) => (token.type === 'space' ? [] : [i]))
  const last = blocks.at(-1) ?? 0
  const raw = tokens[last]?.raw ?? ''
  const decided = raw.includes('\n') || raw.length > LONG_LINE
  const open = decided ? last : (blocks.at(-2) ?? 0)
  let count = 0
  let length = 0
  for (const { raw } of tokens.slice(0, open)) {
    // Where marked rewrote its input, lengths no longer tell places.
    if (!text.startsWith(raw, length)) break
    count++
    length += raw.length
  }
  return { count, length }
}
