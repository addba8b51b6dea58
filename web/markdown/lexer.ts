import {
  Lexer,
  type MarkedOptions,
  type MarkedToken,
  type Token,
  type TokenizerExtensionFunction,
  type TokensList,
} from 'marked'
import { dense, isDense } from './dense.ts'
import {
  type Formula,
  blockFormula,
  inlineFormula,
  mask,
  mayHaveFormulas,
  nextBlock,
  nextInline,
} from './mathematics.ts'
import { type Footnote, createTokenizer } from './tokenizer.ts'

export type Links = TokensList['links']
export type Mark = MarkedToken | Formula | Footnote

/** How a text is read. */
export interface Reading {
  /** Links that are defined besides the text's own. */
  readonly links: Links
  /** Nothing comes after it. */
  readonly final: boolean
}

/** The tokens of a Markdown text. HTML is text here. */
export function lex(text: string, { links, final }: Reading): readonly Mark[] {
  const lexer = new Lexer({
    gfm: true,
    breaks: true,
    tokenizer: createTokenizer(),
    ...extensions(text, final),
  })
  // A copy: what is defined in an unfinished block is not yet what it will be. And one that inherits
  // nothing, so that [constructor] is no link.
  lexer.tokens.links = Object.assign(Object.create(null) as Links, links)
  return known(lexer.lex(text))
}

/** marked asks them at every turn of the text: they are there for one only that may need them. */
function extensions(text: string, final: boolean): Pick<MarkedOptions, 'extensions' | 'hooks'> {
  const formulas = mayHaveFormulas(text)
  return {
    extensions: {
      renderers: {},
      childTokens: {},
      block: formulas ? [src => blockFormula(src, final)] : [],
      startBlock: formulas ? [nextBlock] : [],
      startInline: formulas ? [nextInline] : [],
      inline: [...(formulas ? [inFormula()] : []), ...(isDense(text) ? [inDense] : [])],
    },
    // marked types every hook as being there, and asks for each.
    hooks: (formulas ? { emStrongMask: mask } : {}) as NonNullable<MarkedOptions['hooks']>,
  }
}

/** In a paragraph; one with more was made to hang the page, which lays out all for each of them. */
const MOST_FORMULAS = 400

function inFormula(): TokenizerExtensionFunction {
  // By the tokens of the paragraph that they stand in.
  const counts = new WeakMap<readonly Token[], number>()
  return (src, tokens) => {
    const count = counts.get(tokens) ?? 0
    if (count >= MOST_FORMULAS) return undefined
    const found = inlineFormula(src, tokens.at(-1)?.raw.at(-1) ?? '')
    if (found) counts.set(tokens, count + 1)
    return found
  }
}

const inDense: TokenizerExtensionFunction = function (src, tokens) {
  return dense(this.lexer, src, tokens)
}

/** There are no tokens but marked's own and those that we told it of. */
export const known = (tokens: readonly Token[] | undefined): readonly Mark[] =>
  (tokens ?? []) as readonly Mark[]

/** The definitions of links among blocks: of two for one name the first counts. */
export function definitions(tokens: readonly Mark[]): Links {
  const defs = tokens.filter(token => token.type === 'def').toReversed()
  return Object.fromEntries(defs.map(({ tag, href, title }) => [tag, { href, title }]))
}

/** The names in brackets: each may be that of a link which is defined elsewhere. */
const names = /\[([^\]^\n][^\]\n]{0,200})\](?!\()/g

/** Whether a text may name links that are defined elsewhere. */
export const refers = (text: string): boolean => text.search(names) !== -1

/** Whether it names one of these. */
export const mentions = (text: string, links: Links): boolean =>
  [...text.matchAll(names)].some(([, name = '']) =>
    Object.hasOwn(links, name.toLowerCase().replace(/\s+/g, ' ')),
  )
