import type { MarkedToken, Tokens } from 'marked'
import { known } from './lexer.ts'

/** What nodes are made with: a document, or what a test has in its place. */
export type Maker = Pick<Document, 'createElement' | 'createTextNode'>

/** Links may lead here; any other address stays text. Relative ones too: a model knows no site. */
const linkable = /^(?:https?:\/\/|mailto:)/i

/** DOM nodes for tokens, and nothing but text in them that came from the text. */
export function toNodes(make: Maker, tokens: readonly MarkedToken[]): Node[] {
  return tokens.flatMap(token => toNode(make, token))
}

function toNode(make: Maker, token: MarkedToken): Node[] {
  const text = (value: string): Node => make.createTextNode(decode(value))
  const inside = (name: string): HTMLElement[] => [
    element(make, name, toNodes(make, known('tokens' in token ? token.tokens : []))),
  ]
  switch (token.type) {
    case 'space':
    case 'def':
      return []
    case 'heading':
      // The page's own headings come first: an answer's begin below them.
      return inside(`h${Math.min(token.depth + 2, 6)}`)
    case 'paragraph':
      return inside('p')
    case 'blockquote':
      return inside('blockquote')
    case 'strong':
    case 'em':
    case 'del':
      return inside(token.type)
    case 'br':
    case 'hr':
      return [make.createElement(token.type)]
    case 'codespan':
      return [element(make, 'code', [make.createTextNode(token.text)])]
    case 'code':
      return [code(make, token)]
    case 'list':
      return [list(make, token)]
    case 'list_item':
      return inside('li')
    case 'table':
      return [table(make, token)]
    case 'checkbox':
      return [make.createTextNode(token.checked ? '☑ ' : '☐ ')]
    case 'link':
      return [link(make, token, toNodes(make, known(token.tokens)))]
    case 'image':
      // Never loaded: its address alone would tell somebody that this was read.
      return [link(make, token, [text(token.text || token.href)])]
    case 'text':
      return token.tokens ? toNodes(make, known(token.tokens)) : [text(token.text)]
    case 'escape':
      return [make.createTextNode(token.text)]
    default:
      return [make.createTextNode(token.raw)]
  }
}

function element(make: Maker, name: string, children: readonly Node[]): HTMLElement {
  const made = make.createElement(name)
  made.append(...children)
  return made
}

function link(make: Maker, { href }: { href: string }, children: readonly Node[]): HTMLElement {
  if (!linkable.test(href)) return element(make, 'span', children)
  const made = element(make, 'a', children)
  made.setAttribute('href', href)
  made.setAttribute('target', '_blank')
  made.setAttribute('rel', 'noopener noreferrer nofollow')
  return made
}

function code(make: Maker, { text, lang }: Tokens.Code): HTMLElement {
  const made = element(make, 'pre', [element(make, 'code', [make.createTextNode(text)])])
  const name = lang?.match(/^[\w+#.-]{1,20}/)?.[0]
  if (name !== undefined) made.setAttribute('data-language', name)
  // Scrolls sideways, so it must be reachable by keyboard.
  made.setAttribute('tabindex', '0')
  return made
}

function list(make: Maker, { ordered, start, items }: Tokens.List): HTMLElement {
  const made = element(make, ordered ? 'ol' : 'ul', toNodes(make, items))
  if (typeof start === 'number' && start !== 1) made.setAttribute('start', String(start))
  return made
}

function table(make: Maker, { header, rows }: Tokens.Table): HTMLElement {
  const row = (name: string, cells: readonly Tokens.TableCell[]): HTMLElement =>
    element(
      make,
      'tr',
      cells.map(cell => tableCell(make, name, cell)),
    )
  const head = element(make, 'thead', [row('th', header)])
  const body = element(
    make,
    'tbody',
    rows.map(cells => row('td', cells)),
  )
  const scroller = element(make, 'div', [element(make, 'table', [head, body])])
  scroller.setAttribute('class', 'table')
  scroller.setAttribute('tabindex', '0')
  return scroller
}

function tableCell(make: Maker, name: string, { align, tokens }: Tokens.TableCell): HTMLElement {
  const made = element(make, name, toNodes(make, known(tokens)))
  if (align) made.setAttribute('class', align)
  return made
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
  copy: '©',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  middot: '·',
  times: '×',
  rarr: '→',
  larr: '←',
}

/** Character references as Markdown knows them; an unknown one stays as it was written. */
const decode = (text: string): string =>
  text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{1,8}));/g,
    (whole, dec, hex, name) =>
      name ? (entities[name] ?? whole) : character(hex ? Number.parseInt(hex, 16) : Number(dec)),
  )

const character = (code: number): string =>
  code === 0 || code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code)
