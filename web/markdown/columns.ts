/**
 * Give the columns of a long table the widths that they have now, for good. The width of a column
 * depends on each of its cells: to reckon it anew for every row that comes takes, after 2,000 rows,
 * longer than a frame. And bodies whose columns are settled need not be drawn where nobody sees them.
 */
export function settleColumns(box: HTMLElement): void {
  const table = box.firstElementChild
  const cells = [...(table?.querySelectorAll('th') ?? [])]
  const widths = cells.map(cell => cell.getBoundingClientRect().width)
  // In a fold that is closed, say, it has no size.
  if (!table || widths.every(width => width === 0)) return
  box.style.setProperty('--columns', widths.map(width => `${width}px`).join(' '))
  table.classList.add('settled')
}
