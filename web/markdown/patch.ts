/**
 * Bring `parent`'s children from index `from` on to what `wanted` are, keeping every node that only
 * grew: what a person selected or scrolled in a half-written block stays so.
 */
export function patch(parent: Node, wanted: readonly Node[], from = 0): void {
  const present = [...parent.childNodes].slice(from)
  wanted.forEach((node, i) => {
    const old = present[i]
    if (old === undefined) parent.appendChild(node)
    else if (!grow(old, node)) parent.replaceChild(node, old)
  })
  for (const old of present.slice(wanted.length)) parent.removeChild(old)
}

/** Make `old` equal to `wanted` in place; false where that takes another node. */
function grow(old: Node, wanted: Node): boolean {
  if (old.nodeName !== wanted.nodeName) return false
  if (old.nodeName === '#text') {
    const before = old.nodeValue ?? ''
    const after = wanted.nodeValue ?? ''
    if (before !== after) append(old as Text, before, after)
    return true
  }
  if (!sameAttributes(old as Element, wanted as Element)) return false
  patch(old, [...wanted.childNodes])
  return true
}

function append(node: Text, before: string, after: string): void {
  if (after.startsWith(before)) node.appendData(after.slice(before.length))
  else node.data = after
}

const sameAttributes = (a: Element, b: Element): boolean =>
  a.attributes.length === b.attributes.length &&
  [...b.attributes].every(({ name, value }) => a.getAttribute(name) === value)
