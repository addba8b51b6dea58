import type { Line } from '../core/event.ts'
import { READ_BYTES } from '../core/log.ts'

/** The lines from `index` on that fit into one read, and at least one if there is one (law 4). */
export function take(lines: readonly Line[], index: number): readonly Line[] {
  let bytes = 0
  let end = index
  for (; end < lines.length; end++) {
    bytes += lines[end]?.json.length ?? 0
    if (bytes > READ_BYTES && end > index) break
  }
  return lines.slice(index, end)
}
