/** An element that shows more than what it was made of, and compares itself. */
interface Absorbing {
  /** Become what `wanted`, which nobody has seen, would have been; false where that takes another. */
  absorb(wanted: Node): boolean
}

/**
 * Bring the children of `parent` behind `last` (all of them without it) to what `wanted` are, keeping
 * every node that only grew: what a person selected or scrolled in a half-written block stays so.
 */
export function patch(parent: Node, wanted: readonly Node[], last: Node | null = null): void {
  let old: Node | null = last ? last.nextSibling : parent.firstChild
  for (const node of wanted) {
    const next: Node | null = old?.nextSibling ?? null
    if (old === null) parent.appendChild(node)
    else if (!grow(old, node)) parent.replaceChild(node, old)
    old = next
  }
  while (old) {
    const next: Node | null = old.nextSibling
    parent.removeChild(old)
    old = next
  }
}

/** Make `old` equal to `wanted` in place; false where that takes another node. */
export function grow(old: Node, wanted: Node): boolean {
  if (old === wanted) return true
  if (old.nodeName !== wanted.nodeName) return false
  if (old.nodeName === '#text') {
    const before = old.nodeValue ?? ''
    const after = wanted.nodeValue ?? ''
    if (before !== after) append(old as Text, before, after)
    return true
  }
  if ('absorb' in old) return (old as Node & Absorbing).absorb(wanted)
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
