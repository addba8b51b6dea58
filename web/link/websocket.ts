import { type Line, openLine } from './line.ts'
import type { Carrier, Setup } from './types.ts'

/** Over one WebSocket for all generations, opened on demand. */
export function createWebSocket(setup: Setup): Carrier {
  let line: Line | undefined

  function open(limit: AbortSignal): Line {
    limit.throwIfAborted()
    if (!line || line.over.aborted) line = openLine(setup)
    return line
  }

  return {
    start: async (body, limit) => open(limit).start(body, limit),
    attach: async (generation, after, limit) => open(limit).attach(generation, after, limit),
    tell: async (command, limit) => open(limit).tell(command, limit),
  }
}
