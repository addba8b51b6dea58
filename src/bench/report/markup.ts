/** HTML that cannot be broken by what is put into it. */

/** Text that is HTML already. */
export interface Markup {
  readonly markup: string
}

type Part = Markup | string | number | readonly Part[]

/** A template whose values are escaped, unless they are markup; arrays stand one after the other. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  trusted(String.raw({ raw: strings }, ...parts.map(toText)))

/** For what is written here, and nothing else: style sheets. */
export const trusted = (markup: string): Markup => ({ markup })

export const nothing = trusted('')

function toText(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part))
  return 'markup' in part ? part.markup : part.map(toText).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For an element's text and for an attribute in quotes. */
export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, character => entities[character] ?? '')
