/**
 * Lines of code, some in each element: what is added at the end is laid out with a few of them, and
 * not with the five thousand before.
 */
export interface Lines {
  add(text: string): void
  /** The elements, each with a text of its own. */
  readonly chunks: readonly HTMLElement[]
}

const LINES = 50
/** Of a line that does not end, so much stands in one element: it is wrapped there. */
const LENGTH = 8192

export function createLines(host: HTMLElement): Lines {
  const chunks: HTMLElement[] = []
  let text = new Text()
  // Begins full: there is no element yet.
  let lines = LINES

  function begin(): void {
    chunks.at(-1)?.classList.add('full')
    const chunk = document.createElement('span')
    chunk.className = 'lines'
    text = new Text()
    lines = 0
    chunk.append(text)
    chunks.push(chunk)
    host.append(chunk)
  }

  return {
    chunks,
    add(more) {
      for (let at = 0; at < more.length;) {
        if (lines >= LINES || text.length >= LENGTH) begin()
        const piece = upTo(more.slice(at, at + LENGTH - text.length), LINES - lines)
        text.appendData(piece)
        lines += piece.split('\n').length - 1
        at += piece.length
      }
    },
  }
}

/** So many lines of the text, or all of it. */
function upTo(text: string, lines: number): string {
  let end = 0
  for (let i = 0; i < lines; i++) {
    const next = text.indexOf('\n', end)
    if (next === -1) return text
    end = next + 1
  }
  return text.slice(0, end)
}
