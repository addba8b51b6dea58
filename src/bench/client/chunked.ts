/** The chunked body of HTTP/1.1 (RFC 9112, section 7.1), as a client of ours meets it. */

export interface Heard {
  /** A piece of the body. */
  text(piece: string): void
  /** The body is whole. */
  end(): void
}

const LINE_END = '\r\n'

/** Walks over the chunks of one body in whatever pieces they arrive; one character is one byte. */
export function createChunks(heard: Heard): (piece: string) => void {
  let rest = ''
  // Characters of the current chunk that are still to come, its line end included.
  let left = 0
  let isLast = false

  /** Where the chunk begins whose size stands at `at`; undefined if the size is not whole yet. */
  function readSize(text: string, at: number): number | undefined {
    const end = text.indexOf(LINE_END, at)
    if (end === -1) return undefined
    const size = Number.parseInt(text.slice(at, end), 16)
    isLast = size === 0
    left = size + LINE_END.length
    return end + LINE_END.length
  }

  return piece => {
    const text = rest + piece
    rest = ''
    let at = 0
    while (at < text.length) {
      if (left === 0) {
        const start = readSize(text, at)
        if (start === undefined) {
          rest = text.slice(at)
          return
        }
        at = start
      }
      const here = Math.min(left, text.length - at)
      const said = Math.min(here, left - LINE_END.length)
      if (said > 0) heard.text(text.slice(at, at + said))
      at += here
      left -= here
      if (left === 0 && isLast) heard.end()
    }
  }
}
