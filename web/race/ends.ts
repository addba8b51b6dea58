/** So near to its end, in CSS pixels, an answer is kept at it. */
const NEAR_END = 24

/** Before and after drawing: the answers whose end is in view stay so, the others stay put. */
export function keepEnds(root: HTMLElement): () => void {
  const boxes = [...root.querySelectorAll<HTMLElement>('.said')]
  const atEnd = boxes.filter(
    ({ scrollHeight, scrollTop, clientHeight }) =>
      scrollHeight - scrollTop - clientHeight < NEAR_END,
  )
  return () => {
    for (const box of atEnd) box.scrollTop = box.scrollHeight
  }
}
