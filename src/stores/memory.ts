import { getHeapStatistics } from 'node:v8'

import type { Store } from '../core/conversation.ts'
import { NOBODY } from '../core/owned.ts'
import { createMemoryConversations, type Room } from './memory-conversations.ts'
import { createMemoryLog, type Entry } from './memory-log.ts'

/** What is kept or forgotten as one: a conversation with its logs, or a stateless log. */
interface Unit {
  written: number
  bytes: number
  /** Not ended, or still being read: its reader could not tell that it has ended. */
  live: boolean
  readonly generations: string[]
  readonly conversation?: string
}

export interface MemoryOptions {
  /** Ms since the epoch, for the sweep; Date.now by default. */
  readonly now?: () => number
  /**
   * Bound of the text of all logs; a sixteenth of the heap by default: with its objects, and in its
   * conversation once more, a line takes about four times its text.
   */
  readonly maxBytes?: number
}

/**
 * A store in Maps, for tests and trying out: gone with the process. When `maxBytes` is reached it
 * forgets the oldest ended answers, and refuses appends as `overloaded` where that is not enough.
 */
export function createMemoryStore(options: MemoryOptions = {}): Store {
  const now = options.now ?? Date.now
  const maxBytes = options.maxBytes ?? getHeapStatistics().heap_size_limit / 16
  const rooms = new Map<string, Room>()
  const shelf = createMemoryLog({
    now,
    maxBytes,
    // A quarter at once, so that a full store does not sweep at every append.
    makeRoom: () => sweep({ before: -Infinity, bytes: maxBytes * 0.75 }),
  })

  function forgetConversation(id: string): void {
    rooms.delete(id)
    for (const [generation, entry] of shelf.entries) {
      if (entry.conversation === id) shelf.forget(generation)
    }
  }

  function sweep({ before, bytes }: { before: number; bytes: number }): void {
    let left = shelf.bytes() - bytes
    for (const unit of units(rooms, shelf.entries)) {
      if (unit.live) continue
      if (unit.written >= before && left <= 0) return
      left -= unit.bytes
      for (const generation of unit.generations) shelf.forget(generation)
      if (unit.conversation !== undefined) rooms.delete(unit.conversation)
    }
  }

  function bequeath(owner: string): void {
    for (const entry of shelf.entries.values()) if (entry.owner === NOBODY) entry.owner = owner
    for (const [id, room] of rooms) {
      if (room.conversation.owner !== NOBODY) continue
      rooms.set(id, { ...room, conversation: { ...room.conversation, owner } })
    }
  }

  return {
    log: shelf.log,
    conversations: createMemoryConversations(rooms, {
      now,
      forget: forgetConversation,
      place: generation => shelf.entries.get(generation)?.conversation,
    }),
    sweep: async policy => sweep(policy),
    bequeath: async owner => bequeath(owner),
    close: async () => shelf.close(),
  }
}

/** Everything kept, oldest first. */
function units(
  rooms: ReadonlyMap<string, Room>,
  entries: ReadonlyMap<string, Entry>,
): readonly Unit[] {
  const byConversation = new Map<string, Unit>()
  for (const [conversation, { written }] of rooms) {
    const unit = { conversation, written, bytes: 0, live: false, generations: [] }
    byConversation.set(conversation, unit)
  }
  const all = [...byConversation.values()]
  for (const [generation, entry] of entries) {
    let unit = entry.conversation === null ? undefined : byConversation.get(entry.conversation)
    if (unit === undefined) {
      unit = { written: 0, bytes: 0, live: false, generations: [] }
      all.push(unit)
    }
    unit.generations.push(generation)
    unit.written = Math.max(unit.written, entry.written)
    unit.bytes += entry.bytes
    unit.live ||= !entry.ended || entry.pulse.size() > 0
  }
  return all.sort((a, b) => a.written - b.written)
}
