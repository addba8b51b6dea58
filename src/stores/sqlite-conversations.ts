import type { DatabaseSync } from 'node:sqlite'

import type { Conversation, Conversations, Turn } from '../core/conversation.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { refusals } from './refusals.ts'
import type { Committer } from './sqlite-commit.ts'

interface ConversationsOptions {
  readonly committer: Committer
  readonly now: () => number
  /** A conversation and its logs were deleted. */
  readonly removed: (id: string) => void
}

/** The Conversations half; titles and turns are JSON, for lone surrogates. */
export function createSqliteConversations(
  db: DatabaseSync,
  { committer, now, removed }: ConversationsOptions,
): Conversations {
  const rows = createRows(db)

  const find = (id: string): Conversation => {
    const found = rows.get(id)
    if (found === undefined) throw refusals.missing()
    return found
  }

  return {
    create: conversation =>
      committer.write(() => {
        if (rows.get(conversation.id) !== undefined) throw refusals.taken()
        rows.put(conversation, now())
      }),
    get: async id => rows.get(id),
    turns: async id => rows.turns(id),
    async list(limit, after) {
      const found = rows.list(limit + 1, after)
      const conversations = found.slice(0, limit)
      const end = conversations.at(-1)
      const more = end !== undefined && found.length > conversations.length
      return { conversations, next: more ? writeCursor(end) : undefined }
    },
    add: (id, turns, at) =>
      committer.write(() => {
        const conversation = find(id)
        const head = turns.at(-1)?.id ?? conversation.head
        for (const turn of turns) rows.add(id, turn)
        rows.put({ ...conversation, head, updatedAt: at }, now())
      }),
    settle: (generation, settlement) =>
      committer.write(() => rows.change(generation, turn => ({ ...turn, ...settlement }))),
    patch: (id, change) => committer.write(() => rows.put({ ...find(id), ...change }, now())),
    remove: id =>
      committer.write(
        () => rows.remove(id),
        () => removed(id),
      ),
  }
}

interface ConversationRow {
  readonly id: string
  readonly title: string
  readonly created: number
  readonly updated: number
  readonly head: string | null
}

function createRows(db: DatabaseSync) {
  const columns = 'id, title, created, updated, head'
  const get = db.prepare(`SELECT ${columns} FROM conversations WHERE id = ?`)
  const put = db.prepare(
    `INSERT INTO conversations (${columns}, written) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (id) DO UPDATE SET title = ?2, updated = ?4, head = ?5, written = ?6`,
  )
  const page = db.prepare(
    `SELECT ${columns} FROM conversations WHERE (updated, id) < (?, ?)
     ORDER BY updated DESC, id DESC LIMIT ?`,
  )
  const turns = db.prepare('SELECT turn FROM turns WHERE conversation = ? ORDER BY n')
  const add = db.prepare('INSERT INTO turns (conversation, generation, turn) VALUES (?, ?, ?)')
  const answers = db.prepare('SELECT n, turn FROM turns WHERE generation = ?')
  const change = db.prepare('UPDATE turns SET turn = ? WHERE n = ?')
  // The pages of a long answer are for the janitor to delete, a few at a time.
  const removals = [
    'INSERT INTO doomed SELECT log FROM generations WHERE conversation = ?',
    'DELETE FROM generations WHERE conversation = ?',
    'DELETE FROM turns WHERE conversation = ?',
    'DELETE FROM conversations WHERE id = ?',
  ].map(sql => db.prepare(sql))

  return {
    get(id: string): Conversation | undefined {
      const row = get.get(id) as ConversationRow | undefined
      return row && toConversation(row)
    },
    put({ id, title, createdAt, updatedAt, head }: Conversation, written: number): void {
      put.run(id, JSON.stringify(title), createdAt, updatedAt, head, written)
    },
    list(limit: number, after?: string): Conversation[] {
      // Every id is less than this one, every time than this.
      const from =
        after === undefined ? { updatedAt: Number.MAX_SAFE_INTEGER, id: '' } : readCursor(after)
      return (page.all(from.updatedAt, from.id, limit) as unknown as ConversationRow[]).map(
        toConversation,
      )
    },
    turns: (id: string) => turns.all(id).map(row => JSON.parse(String(row['turn'])) as Turn),
    add(conversation: string, turn: Turn): void {
      add.run(conversation, turn.generation ?? null, JSON.stringify(turn))
    },
    change(generation: string, edit: (turn: Turn) => Turn): void {
      for (const { n, turn } of answers.all(generation)) {
        change.run(JSON.stringify(edit(JSON.parse(String(turn)) as Turn)), Number(n))
      }
    },
    remove(id: string): void {
      for (const statement of removals) statement.run(id)
    },
  }
}

const toConversation = (row: ConversationRow): Conversation => ({
  id: row.id,
  title: JSON.parse(row.title) as string,
  createdAt: row.created,
  updatedAt: row.updated,
  head: row.head,
})
