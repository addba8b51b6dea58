import type { DatabaseSync } from 'node:sqlite'

import type { Conversation, Conversations, Turn } from '../core/conversation.ts'
import { pageOf, readCursor } from './cursor.ts'
import { refusals } from './refusals.ts'
import type { Committer } from './sqlite-commit.ts'
import { columns, createRows } from './sqlite-rows.ts'
import { forgetConversation } from './sqlite-schema.ts'
import type { Searcher } from './sqlite-search.ts'

interface ConversationsOptions {
  readonly committer: Committer
  readonly now: () => number
  readonly searcher: Searcher
  /** A conversation and its logs were deleted. */
  readonly removed: (id: string) => void
}

/** The Conversations half. */
export function createSqliteConversations(
  db: DatabaseSync,
  { committer, now, searcher, removed }: ConversationsOptions,
): Conversations {
  const rows = createRows(db)
  const changes = createChanges(db)

  const find = (id: string): Conversation => {
    const found = rows.get(id)
    if (found === undefined) throw refusals.missing()
    return found
  }

  return {
    create: conversation =>
      committer.write(() => {
        if (rows.get(conversation.id) !== undefined) throw refusals.taken()
        changes.put(conversation, now())
      }),
    get: async id => rows.get(id),
    turns: async id => rows.turns(id),
    list: async (owner, limit, after) =>
      pageOf(rows.list(owner, limit + 1, readCursor(after)), limit),
    async search(quest) {
      // Refused here, where the error still is the client's.
      readCursor(quest.after)
      return searcher.search(quest)
    },
    add: (id, turns, at) =>
      committer.write(() => {
        const conversation = find(id)
        const head = turns.at(-1)?.id ?? conversation.head
        for (const turn of turns) changes.add(id, turn)
        changes.put({ ...conversation, head, updatedAt: at }, now())
      }),
    settle: (generation, settlement) =>
      committer.write(() => changes.change(generation, turn => ({ ...turn, ...settlement }))),
    patch: (id, change) => committer.write(() => changes.put({ ...find(id), ...change }, now())),
    remove: id =>
      committer.write(
        () => changes.remove(id),
        () => removed(id),
      ),
  }
}

/** Writing them. */
function createChanges(db: DatabaseSync) {
  const put = db.prepare(
    `INSERT INTO conversations (${columns}, written) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT (id) DO UPDATE SET title = ?3, updated = ?5, head = ?6, written = ?7`,
  )
  const add = db.prepare('INSERT INTO turns (conversation, generation, turn) VALUES (?, ?, ?)')
  const answers = db.prepare('SELECT n, turn FROM turns WHERE generation = ?')
  const change = db.prepare('UPDATE turns SET turn = ? WHERE n = ?')
  const removals = forgetConversation.map(sql => db.prepare(sql))

  return {
    put({ id, owner, title, createdAt, updatedAt, head }: Conversation, written: number): void {
      put.run(id, owner, JSON.stringify(title), createdAt, updatedAt, head, written)
    },
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
