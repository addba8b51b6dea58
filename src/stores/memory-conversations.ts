import type { Conversation, Conversations, Turn } from '../core/conversation.ts'
import { tickEnd } from '../tick.ts'
import { type Cursor, pageOf, readCursor } from './cursor.ts'
import { refusals } from './refusals.ts'
import { search } from './search.ts'

/** A search holds up the process for so long at a time. */
const TURN_MS = 20

/** One conversation. */
export interface Room {
  readonly conversation: Conversation
  readonly turns: readonly Turn[]
  /** Ms since the epoch, by the store's clock. */
  readonly written: number
}

interface MemoryConversationsOptions {
  readonly now: () => number
  /** The conversation that a log belongs to. */
  readonly place: (generation: string) => string | null | undefined
  /** Drop a room and the logs of its generations. */
  readonly forget: (id: string) => void
}

/** The Conversations half of the memory store. */
export function createMemoryConversations(
  rooms: Map<string, Room>,
  { now, forget, place }: MemoryConversationsOptions,
): Conversations {
  const find = (id: string): Room => {
    const room = rooms.get(id)
    if (room === undefined) throw refusals.missing()
    return room
  }
  /** By its log, where there is one: a search goes through all that was ever said. */
  function roomOf(generation: string): Room | undefined {
    const id = place(generation)
    if (id === null) return undefined
    if (id !== undefined) return rooms.get(id)
    return [...rooms.values()].find(({ turns }) =>
      turns.some(turn => turn.generation === generation),
    )
  }
  const put = (conversation: Conversation, turns: readonly Turn[]): void => {
    rooms.set(conversation.id, { conversation, turns, written: now() })
  }

  const stacks = {
    conversations(owner: string, after: Cursor | undefined): readonly Conversation[] {
      const sorted = [...rooms.values()]
        .map(room => room.conversation)
        .filter(conversation => conversation.owner === owner)
        .sort(newestFirst)
      return after === undefined ? sorted : sorted.filter(at => newestFirst(after, at) < 0)
    },
    texts: (id: string) => rooms.get(id)?.turns.map(turn => turn.content) ?? [],
  }

  return {
    async create(conversation) {
      await tickEnd()
      if (rooms.has(conversation.id)) throw refusals.taken()
      put(conversation, [])
    },
    get: async id => rooms.get(id)?.conversation,
    turns: async id => rooms.get(id)?.turns ?? [],
    list: async (owner, limit, after) =>
      pageOf(stacks.conversations(owner, readCursor(after)), limit),
    async search(quest) {
      const until = performance.now() + TURN_MS
      return search(stacks, quest, () => performance.now() > until)
    },
    async add(id, added, at) {
      await tickEnd()
      const { conversation, turns } = find(id)
      const head = added.at(-1)?.id ?? conversation.head
      put({ ...conversation, head, updatedAt: at }, [...turns, ...added])
    },
    async settle(generation, settlement) {
      await tickEnd()
      const room = roomOf(generation)
      if (room === undefined) return
      const settled = room.turns.map(turn =>
        turn.generation === generation ? { ...turn, ...settlement } : turn,
      )
      put(room.conversation, settled)
    },
    async patch(id, change) {
      await tickEnd()
      const { conversation, turns } = find(id)
      put({ ...conversation, ...change }, turns)
    },
    async remove(id) {
      await tickEnd()
      forget(id)
    },
  }
}

type Place = Pick<Conversation, 'updatedAt' | 'id'>

const newestFirst = (a: Place, b: Place): number =>
  b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
