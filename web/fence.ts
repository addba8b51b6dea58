const ITEM = /^ {0,3}([-*+]|\d{1,9}[.)])(\s|$)/
const FENCE = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})/

/**
 * What closes the code block that a text in Markdown leaves open, as an answer does that was
 * stopped in the middle of one; undefined where none is open. A block inside a list ends with it.
 */
export function openFence(text: string): string | undefined {
  let open: string | undefined
  let inList = false
  for (const line of text.split(/\r\n?|\n/)) {
    if (open !== undefined) {
      if (closes(line, open)) open = undefined
      continue
    }
    if (ITEM.test(line)) inList = true
    else if (/^\S/.test(line)) inList = false
    const [, indent = '', fence] = FENCE.exec(line) ?? []
    if (fence !== undefined && (indent === '' || !inList)) open = fence
  }
  return open
}

/** A fence closes one of the same sign that is no longer than it, and nothing stands behind it. */
const closes = (line: string, open: string): boolean =>
  new RegExp(`^ {0,3}${open[0]}{${open.length},}[ \\t]*$`).test(line)
