/**
 * Say at which level each heading of a finished answer stands, below its own at the second: models
 * begin with any number of #, and people who go from heading to heading take a gap for a loss.
 */
export function level(answer: Element): void {
  let above = 2
  for (const heading of answer.querySelectorAll('h3, h4, h5, h6')) {
    above = Math.min(Number(heading.localName.slice(1)), above + 1)
    heading.setAttribute('aria-level', String(above))
  }
}
