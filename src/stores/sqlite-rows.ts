import type { DatabaseSync } from 'node:sqlite'

import type { Conversation, Turn } from '../core/conversation.ts'
import type { Cursor } from './cursor.ts'

/** The columns of a conversation, in the order they are written. */
export const columns = 'id, owner, title, created, updated, head'

/** Every time is less than this one. */
const START: Cursor = { updatedAt: Number.MAX_SAFE_INTEGER, id: '' }

/** As SQLite has it. */
const NO_LIMIT = -1

interface ConversationRow {
  readonly id: string
  readonly owner: string
  readonly title: string
  readonly created: number
  readonly updated: number
  readonly head: string | null
}

/** Reading conversations and turns; titles and turns are JSON, for lone surrogates. */
export function createRows(db: DatabaseSync) {
  const get = db.prepare(`SELECT ${columns} FROM conversations WHERE id = ?`)
  const page = db.prepare(
    `SELECT ${columns} FROM conversations WHERE owner = ? AND (updated, id) < (?, ?)
     ORDER BY updated DESC, id DESC LIMIT ?`,
  )
  const turns = db.prepare('SELECT turn FROM turns WHERE conversation = ? ORDER BY n')

  return {
    get(id: string): Conversation | undefined {
      const row = get.get(id) as ConversationRow | undefined
      return row && toConversation(row)
    },
    /** Newest first. */
    list(owner: string, limit: number, after: Cursor = START): Conversation[] {
      const found = page.all(owner, after.updatedAt, after.id, limit)
      return (found as unknown as ConversationRow[]).map(toConversation)
    },
    /** The same without a limit, read as they are asked for. */
    *stream(owner: string, after: Cursor = START): Generator<Conversation> {
      for (const row of page.iterate(owner, after.updatedAt, after.id, NO_LIMIT)) {
        yield toConversation(row as unknown as ConversationRow)
      }
    },
    turns: (id: string): Turn[] =>
      turns.all(id).map(row => JSON.parse(String(row['turn'])) as Turn),
    /** The JSON of each turn, read as it is asked for. */
    *texts(id: string): Generator<string> {
      for (const { turn } of turns.iterate(id)) yield String(turn)
    },
  }
}

const toConversation = (row: ConversationRow): Conversation => ({
  id: row.id,
  owner: row.owner,
  title: JSON.parse(row.title) as string,
  createdAt: row.created,
  updatedAt: row.updated,
  head: row.head,
})
