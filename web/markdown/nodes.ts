import type { Tokens } from 'marked'
import { decode } from './entities.ts'
import { insideFences } from './fence.ts'
import { type Mark, known } from './lexer.ts'
import { type Maker, type Pen, element } from './pen.ts'
import { table } from './tables.ts'
import { linkable } from './tokenizer.ts'

/** A pen draws DOM nodes, and nothing but text in them that came from the text. */
export function createPen(make: Maker, final: boolean): Pen {
  const pen: Pen = { make, final, draw: tokens => tokens.flatMap(token => toNode(pen, token)) }
  return pen
}

function toNode(pen: Pen, token: Mark): Node[] {
  const { make } = pen
  const text = (value: string): Node => make.createTextNode(decode(value))
  const inside = (name: string): HTMLElement[] => [
    element(make, name, pen.draw(known('tokens' in token ? token.tokens : []))),
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
      return [code(pen, token)]
    case 'formula':
      return [formula(make, token)]
    case 'list':
      return [list(pen, token)]
    case 'list_item':
      return [item(pen, token)]
    case 'table':
      return [table(pen, token)]
    case 'checkbox':
      return [make.createTextNode(token.checked ? '☑ ' : '☐ ')]
    case 'footnote':
      return [element(make, 'sup', [make.createTextNode(token.text)])]
    case 'link':
      return [link(make, token, pen.draw(known(token.tokens)))]
    case 'image':
      // Never loaded: its address alone would tell somebody that this was read.
      return [link(make, token, [text(token.text || token.href)])]
    case 'text':
      return token.tokens ? pen.draw(known(token.tokens)) : [text(token.text)]
    case 'escape':
      return [make.createTextNode(token.text)]
    default:
      return [make.createTextNode(token.raw)]
  }
}

function link(
  make: Maker,
  { href, title }: Pick<Tokens.Link, 'href' | 'title'>,
  children: readonly Node[],
): HTMLElement {
  if (!linkable.test(href)) return element(make, 'span', children)
  const made = element(make, 'a', children)
  made.setAttribute('href', href)
  if (title) made.setAttribute('title', decode(title))
  made.setAttribute('target', '_blank')
  made.setAttribute('rel', 'noopener noreferrer nofollow')
  return made
}

/** The element of a code block, with its text; the elements of the page make more of it. */
function code(pen: Pen, token: Tokens.Code & { readonly source?: string }): HTMLElement {
  if (token.codeBlockStyle === 'indented')
    return codeBlock(pen.make, { code: token.text.replace(/\n*$/, '\n'), closed: pen.final })
  const { code, closed, closing = false } = insideFences(token.source ?? token.raw, pen.final)
  return codeBlock(pen.make, { info: token.lang, code, closed: closed || closing })
}

export function codeBlock(
  make: Maker,
  { info, code, closed }: { info?: string | undefined; code: string; closed: boolean },
): HTMLElement {
  const made = element(make, 'chat-code', [make.createTextNode(code)])
  if (info) made.setAttribute('info', info.slice(0, 100))
  if (closed) made.setAttribute('closed', '')
  return made
}

function formula(make: Maker, { raw, display, open }: Extract<Mark, { type: 'formula' }>): Node {
  const source = [make.createTextNode(raw.trim())]
  if (open) {
    const made = element(make, 'p', source)
    made.setAttribute('class', 'source')
    return made
  }
  const made = element(make, 'chat-formula', source)
  if (display) made.setAttribute('display', '')
  return made
}

export function list({ make, draw }: Pen, { ordered, start, items }: Tokens.List): HTMLElement {
  const made = element(make, ordered ? 'ol' : 'ul', draw(items))
  if (typeof start === 'number' && start !== 1) made.setAttribute('start', String(start))
  return made
}

/**
 * The first text of an item stands in it as it is, further ones are paragraphs. Whether the list has
 * blank lines between its items makes no difference: that may be known only at its end.
 */
function item(pen: Pen, { tokens, task }: Tokens.ListItem): HTMLElement {
  const isText = ({ type }: Mark): boolean => type === 'text' || type === 'paragraph'
  const all = known(tokens)
  const first = all.find(token => token.type !== 'checkbox')
  const made = element(
    pen.make,
    'li',
    all.flatMap(token => {
      if (!isText(token)) return toNode(pen, token)
      const inside = pen.draw(known('tokens' in token ? token.tokens : []))
      return token === first ? inside : [element(pen.make, 'p', inside)]
    }),
  )
  if (task) made.setAttribute('class', 'task')
  return made
}
