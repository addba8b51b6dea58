/** Where a Markdown text is cut in two, the second half opens again what the first left open. */

interface Opening {
  /** The line that begins the fenced block in which the cut is. */
  readonly fence: string | undefined
  /** The head of the table in which it is. */
  readonly head: string | undefined
  /** The cut is in the middle of a line. */
  readonly inside: boolean
}

// The first half stays the same while the page is drawn many times.
const openings = new WeakMap<object, Opening>()

/** `after` as a text of its own; `cut` stands for the place, and so for `before`. */
export function goOn(cut: object, before: string, after: string): string {
  const opening = openings.get(cut) ?? read(before)
  openings.set(cut, opening)
  const { fence, head, inside } = opening
  if (fence !== undefined) return `${fence.trim()}\n${dedent(after, fence)}`
  if (head !== undefined && after.startsWith('|')) return `${head}\n${after}`
  // As the beginning of a text it would be code.
  const flat = after.replace(/^[ \t]+/, '')
  return inside ? plain(flat) : flat
}

function read(before: string): Opening {
  const lines = before.split('\n')
  const inside = lines.at(-1) !== ''
  return { fence: openFence(lines), head: inside ? undefined : openTable(lines), inside }
}

function openFence(lines: readonly string[]): string | undefined {
  let fence: string | undefined
  for (const line of lines) {
    if (fence === undefined) fence = isFence(line) ? line : undefined
    else if (closes(line, fence)) fence = undefined
  }
  return fence
}

/** After backticks come none on the same line, or it is code within a line. */
const isFence = (line: string): boolean => /^\s*(`{3,}[^`]*|~{3,}.*)$/.test(line)

const ticks = (line: string): string => /^\s*(`+|~+)/.exec(line)?.[1] ?? ''

const closes = (line: string, fence: string): boolean =>
  line.trim() === ticks(line) && line.trim().startsWith(ticks(fence))

/** A block in a list is indented by what its fence is, up to its end. */
function dedent(text: string, fence: string): string {
  const most = fence.length - fence.trimStart().length
  if (most === 0) return text
  let closed = false
  const lines = text.split('\n').map(line => {
    if (closed) return line
    closed = closes(line, fence)
    return line.slice(Math.min(most, line.length - line.trimStart().length))
  })
  return lines.join('\n')
}

/** The first two lines of a table that is not over with the last of these lines. */
function openTable(lines: readonly string[]): string | undefined {
  const rows = lines.slice(0, -1)
  const from = rows.findLastIndex(line => !line.trimStart().startsWith('|')) + 1
  const [names, rule] = rows.slice(from)
  if (names === undefined || rule === undefined || !/^[\s|:-]*-[\s|:-]*$/.test(rule))
    return undefined
  return `${names}\n${rule}`
}

/** In the middle of a line no heading, list, quote, rule or fence begins. */
const plain = (text: string): string =>
  text
    .replace(/^(\d{1,9})(?=[.)]\s)/, '$1\\')
    .replace(/^(?=#{1,6}\s|[*+-]\s|>|```|~~~|([-*_])(?:[ \t]*\1){2,}[ \t]*(?:\n|$))/, '\\')
