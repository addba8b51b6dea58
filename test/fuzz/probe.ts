/** Loaded into the server that is fuzzed, before all else: it tells what is open, when asked. */
import { existsSync, readdirSync } from 'node:fs'
import { getActiveResourcesInfo, memoryUsage } from 'node:process'

/** What the process holds. */
export interface Look {
  /** How many of each kind: sockets, timers, … and file descriptors, where Linux tells them. */
  readonly resources: Readonly<Record<string, number>>
  readonly heapBytes: number
  readonly rssBytes: number
  /** Of the process itself: each is somebody who was never let go. */
  readonly listeners: number
}

const FILES = '/proc/self/fd'

function look(): Look {
  const resources: Record<string, number> = {}
  for (const kind of getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  if (existsSync(FILES)) resources['descriptors'] = readdirSync(FILES).length
  const { heapUsed, rss } = memoryUsage()
  const names = process.eventNames()
  const listeners = names.reduce((sum, name) => sum + process.listenerCount(name), 0)
  return { resources, heapBytes: heapUsed, rssBytes: rss, listeners }
}

process.on('message', () => {
  globalThis.gc?.()
  process.send?.(look())
})
// Being asked is no reason to stay alive.
process.channel?.unref()
