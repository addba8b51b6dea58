/** Change the nodes in `host`, but not its text: what a person has selected in it stays selected. */
export function keepingSelection(host: HTMLElement, change: () => void): void {
  const selection = host.ownerDocument.getSelection()
  const anchor = placeIn(host, selection?.anchorNode, selection?.anchorOffset)
  const focus = placeIn(host, selection?.focusNode, selection?.focusOffset)
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection ?? {}
  change()
  if (!selection || (anchor === undefined && focus === undefined)) return
  const [a, aOffset] = anchor === undefined ? [anchorNode, anchorOffset] : nodeAt(host, anchor)
  const [f, fOffset] = focus === undefined ? [focusNode, focusOffset] : nodeAt(host, focus)
  if (a && f) selection.setBaseAndExtent(a, aOffset ?? 0, f, fOffset ?? 0)
}

/** How many characters are before a place in `host`; undefined for one outside. */
function placeIn(host: Node, node: Node | null | undefined, offset = 0): number | undefined {
  if (!node || !host.contains(node)) return undefined
  const range = new Range()
  range.setStart(host, 0)
  range.setEnd(node, offset)
  return range.toString().length
}

/** The place behind so many characters. */
function nodeAt(host: Node, place: number): [Node, number] {
  const texts = document.createTreeWalker(host, NodeFilter.SHOW_TEXT)
  let left = place
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const length = node.nodeValue?.length ?? 0
    if (left <= length) return [node, left]
    left -= length
  }
  return [host, host.childNodes.length]
}
