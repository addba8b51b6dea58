import { setImmediate as turn } from 'node:timers/promises'

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

/**
 * A read of a log that goes up to `last`, given when it may be (law 4). Sockets take megabytes of a
 * replay before they are full: ten clients that attached to 6 MB at once kept the process from all
 * others for 300 ms.
 */
export function inTurn(
  lines: readonly Line[],
  last: number,
): readonly Line[] | Promise<readonly Line[]> {
  const end = lines.at(-1)
  return end === undefined || end.seq >= last ? lines : turn(lines)
}
