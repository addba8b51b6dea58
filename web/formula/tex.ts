import { ParseError, render } from 'katex'
import 'katex/dist/katex.min.css'

/** A formula is drawn with a dozen elements a letter; one with more was made to hang the page. */
const MAX_ELEMENTS = 20_000
/** As deep as no formula goes that somebody reads. */
const MAX_DEPTH = 200

/** A formula with its dollars as KaTeX draws it; else its source, as code. */
export function formula(source: string, display: boolean): Node {
  const tex = source.replace(/^(?:\$\$?|\\[([])|(?:\$\$?|\\[\])])$/g, '')
  const host = document.createElement('span')
  try {
    render(tex, host, {
      displayMode: display,
      throwOnError: true,
      // No links, no images, no classes or ids of its own.
      trust: false,
      strict: 'ignore',
      // In em. A rule of a thousand would hide the page.
      maxSize: 20,
      maxExpand: 200,
    })
  } catch (error) {
    // What is no TeX, or is nested deeper than the stack: whoever wrote it sees what was written.
    if (error instanceof ParseError || error instanceof RangeError) return code(source)
    throw error
  }
  return isModest(host) ? host : code(source)
}

function code(source: string): HTMLElement {
  const made = document.createElement('code')
  made.append(source)
  return made
}

/** A page lays out what is nested by calling itself: that deep it would end. */
function isModest(host: HTMLElement): boolean {
  const all = host.getElementsByTagName('*')
  if (all.length > MAX_ELEMENTS) return false
  const depths = new Map<Element, number>([[host, 0]])
  for (const one of all) {
    const depth = (depths.get(one.parentElement ?? host) ?? 0) + 1
    if (depth > MAX_DEPTH) return false
    depths.set(one, depth)
  }
  return true
}
