/**
 * The thread that does what would hold up appends: checkpoints and deleting. It has a connection of
 * its own; only one of the two can write at a time, so it writes a few ms and then pauses.
 */
/* oxlint-disable unicorn/require-post-message-target-origin -- threads, not windows */
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

import type { Answer, Task } from './sqlite-thread.ts'

/** A transaction of so many rows takes 1-2 ms; the pause lets the store in between. */
const JOURNAL_SLICE = 256
const PAGE_SLICE = 16
const PAUSE_MS = 4

/** Units looked at in one query of the sweep. */
const UNITS_AT_ONCE = 64

/** It waits for the store's transactions longer than the store waits for it. */
const BUSY_MS = 10_000

/**
 * A WAL begins anew only when a checkpoint has caught up with its writer, which under constant load
 * a PASSIVE one may never do: past this size writers wait for one that does.
 */
const WAL_BYTES = 64 * 1024 * 1024

const db = new DatabaseSync(String(workerData), { timeout: BUSY_MS })
db.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA trusted_schema = OFF')
const { page_size: pageSize } = db.prepare('PRAGMA page_size').get() as { page_size: number }

const trim = db.prepare(
  `DELETE FROM journal WHERE n IN (SELECT n FROM journal WHERE n < ? ORDER BY n LIMIT ${JOURNAL_SLICE})`,
)
const doomed = db.prepare('SELECT log FROM doomed LIMIT 1')
const reap = db.prepare(
  `DELETE FROM pages WHERE rowid IN (SELECT rowid FROM pages WHERE log = ? LIMIT ${PAGE_SLICE})`,
)
const reaped = db.prepare('DELETE FROM doomed WHERE log = ?')
const passive = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
const restart = db.prepare('PRAGMA wal_checkpoint(RESTART)')
const total = db.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM generations')
/** What can be forgotten, oldest first: conversations with all their logs, and logs without one. */
const units = db.prepare(`
  SELECT id AS conversation, NULL AS log, written,
    (SELECT coalesce(sum(bytes), 0) FROM generations WHERE conversation = c.id) AS bytes
  FROM conversations c
  WHERE NOT EXISTS (SELECT 1 FROM generations WHERE conversation = c.id AND ended = 0)
  UNION ALL
  SELECT NULL, log, written, bytes FROM generations g
  WHERE ended = 1 AND NOT EXISTS (SELECT 1 FROM conversations WHERE id = g.conversation)
  ORDER BY written LIMIT ${UNITS_AT_ONCE}`)
const busy = db.prepare('SELECT 1 FROM generations WHERE conversation = ? AND ended = 0')
const forgetConversation = [
  'INSERT INTO doomed SELECT log FROM generations WHERE conversation = ?',
  'DELETE FROM generations WHERE conversation = ?',
  'DELETE FROM turns WHERE conversation = ?',
  'DELETE FROM conversations WHERE id = ?',
].map(sql => db.prepare(sql))
const forgetLog = [
  'INSERT INTO doomed (log) VALUES (?)',
  'DELETE FROM generations WHERE log = ?',
].map(sql => db.prepare(sql))

interface Unit {
  readonly conversation: string | null
  readonly log: number | null
  readonly written: number
  readonly bytes: number
}

/** One short transaction, and a pause after it. */
async function slice<T>(run: () => T): Promise<T> {
  db.exec('BEGIN IMMEDIATE')
  let result: T
  try {
    result = run()
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
  await pause(PAUSE_MS)
  return result
}

async function trimJournal(bound: number): Promise<void> {
  while ((await slice(() => trim.run(bound).changes)) === JOURNAL_SLICE);
}

async function reapDoomed(): Promise<void> {
  for (let row = doomed.get(); row !== undefined; row = doomed.get()) {
    const log = Number(row['log'])
    await slice(() => {
      if (reap.run(log).changes < PAGE_SLICE) reaped.run(log)
    })
  }
}

function checkpoint(): void {
  const { log, checkpointed } = passive.get() as { log: number; checkpointed: number }
  if (checkpointed < log && log * pageSize > WAL_BYTES) restart.get()
}

async function tidy(journal: number): Promise<void> {
  // First, so that it works on a full disk: the rest needs room in the WAL.
  checkpoint()
  await trimJournal(journal)
  await reapDoomed()
}

async function forget({ conversation, log }: Unit): Promise<boolean> {
  return slice(() => {
    // An answer may have begun since it was looked at.
    if (conversation !== null && busy.get(conversation) !== undefined) return false
    for (const statement of conversation === null ? forgetLog : forgetConversation) {
      statement.run(conversation ?? log)
    }
    return true
  })
}

async function sweep({ before, bytes }: { before: number; bytes: number }): Promise<void> {
  let left = Number(total.get()?.['bytes']) - bytes
  for (let found = units.all(); found.length > 0; found = units.all()) {
    for (const unit of found as unknown as Unit[]) {
      if (unit.written >= before && left <= 0) return reapDoomed()
      if (await forget(unit)) left -= unit.bytes
    }
  }
  await reapDoomed()
}

async function run(task: Exclude<Task, { type: 'close' }>): Promise<Answer> {
  try {
    await (task.type === 'tidy' ? tidy(task.journal) : sweep(task))
    return { error: undefined }
  } catch (error) {
    return { error: String(error) }
  }
}

parentPort?.on('message', async (task: Task) => {
  if (task.type !== 'close') return parentPort?.postMessage(await run(task))
  db.close()
  parentPort?.close()
})
