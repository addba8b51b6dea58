/**
 * A formula is copied as the TeX it was written as. The browser would copy what KaTeX makes of it,
 * which is there twice: drawn, and as MathML. KaTeX's own `copy-tex` cannot be used, it sets
 * `innerHTML`, which the page's policy forbids, and runs all paragraphs into one line.
 */
export function copyFormulas(event: ClipboardEvent): void {
  const selection = getSelection()
  // Several ranges are left to the one browser that has them.
  if (selection?.rangeCount !== 1 || !event.clipboardData) return
  const copy = document.createElement('div')
  copy.append(widened(selection.getRangeAt(0)).cloneContents())
  const formulas = copy.querySelectorAll('chat-formula[source]')
  if (formulas.length === 0) return
  for (const formula of formulas) formula.replaceWith(written(formula))
  // Other elements of the page would come to life with the copy.
  for (const one of copy.querySelectorAll('*'))
    if (one.localName.includes('-')) one.replaceWith(...one.childNodes)
  event.clipboardData.setData('text/plain', textOf(copy, selection))
  event.clipboardData.setData('text/html', new XMLSerializer().serializeToString(copy))
  event.preventDefault()
}

/** The range with the formulas in which it begins and ends: half of one has no source. */
function widened(selected: Range): Range {
  const range = selected.cloneRange()
  const first = formulaAt(range.startContainer)
  const last = formulaAt(range.endContainer)
  if (first) range.setStartBefore(first)
  if (last) range.setEndAfter(last)
  return range
}

const formulaAt = (node: Node): Element | null | undefined =>
  (node instanceof Element ? node : node.parentElement)?.closest('chat-formula[source]')

function written(formula: Element): HTMLElement {
  const made = document.createElement(formula.hasAttribute('display') ? 'div' : 'span')
  made.className = 'source'
  made.textContent = formula.getAttribute('source')
  return made
}

/** The text as the browser itself would copy it, with its lines and columns; what is selected stays so. */
function textOf(copy: HTMLElement, selection: Selection): string {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection
  copy.className = 'copied'
  document.body.append(copy)
  selection.selectAllChildren(copy)
  const text = selection.toString()
  copy.remove()
  if (anchorNode && focusNode)
    selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset)
  return text
}
