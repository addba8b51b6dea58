/**
 * The thread that does what would hold up appends: checkpoints and deleting. It has a connection of
 * its own; only one of the two can write at a time, so it writes a few ms and then pauses.
 */
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'

import { forgetConversation } from './sqlite-schema.ts'
import type { Task } from './sqlite-thread.ts'
import { serve } from './sqlite-worker.ts'

/** A transaction of so many rows takes 1-2 ms; the pause lets the store in between. */
const JOURNAL_SLICE = 256
const PAGE_SLICE = 16
const PAUSE_MS = 4

/** Units that the sweep forgets in one transaction. */
const UNIT_SLICE = 16

/**
 * The store may hold the lock most of the time. SQLite's own waiting backs off to 100 ms a try and
 * would starve; asking every ms gets in between two transactions.
 */
const RETRY_MS = 1
const RETRIES = 30_000

/** How long a checkpoint that must catch up waits for the lock. */
const RESTART_WAIT_MS = 2000

/**
 * A WAL begins anew only when a checkpoint has caught up with its writer, which under constant load
 * a PASSIVE one may never do: past this size writers wait for one that does.
 */
const WAL_BYTES = 64 * 1024 * 1024

/** SQLite's result code. */
const BUSY = 5

const db = new DatabaseSync(String(workerData), { timeout: 0 })
db.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA trusted_schema = OFF')
const { page_size: pageSize } = db.prepare('PRAGMA page_size').get() as { page_size: number }

const trim = db.prepare(
  `DELETE FROM journal WHERE n IN
    (SELECT n FROM journal WHERE n < ? ORDER BY n LIMIT ${JOURNAL_SLICE})`,
)
const doomed = db.prepare('SELECT 1 FROM doomed')
const reap = db.prepare(
  `DELETE FROM pages WHERE rowid IN
    (SELECT p.rowid FROM doomed d JOIN pages p ON p.log = d.log LIMIT ${PAGE_SLICE})`,
)
const reaped = db.prepare('DELETE FROM doomed')
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
  ORDER BY written LIMIT ${UNIT_SLICE}`)
const answering = db.prepare('SELECT 1 FROM generations WHERE conversation = ? AND ended = 0')
const removals = forgetConversation.map(sql => db.prepare(sql))
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
  await begin()
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

async function begin(): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      db.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      const busy = error instanceof Error && 'errcode' in error && error.errcode === BUSY
      if (!busy || tries === RETRIES) throw error
    }
    await pause(RETRY_MS)
  }
}

async function trimJournal(bound: number): Promise<void> {
  while ((await slice(() => trim.run(bound).changes)) === JOURNAL_SLICE);
}

async function reapDoomed(): Promise<void> {
  while (doomed.get() !== undefined) {
    await slice(() => {
      if (reap.run().changes < PAGE_SLICE) reaped.run()
    })
  }
}

function checkpoint(): void {
  const { log, checkpointed } = passive.get() as { log: number; checkpointed: number }
  if (checkpointed === log || log * pageSize <= WAL_BYTES) return
  db.exec(`PRAGMA busy_timeout = ${RESTART_WAIT_MS}`)
  restart.get()
  db.exec('PRAGMA busy_timeout = 0')
}

async function tidy(journal: number): Promise<void> {
  // First, so that it works on a full disk: the rest needs room in the WAL.
  checkpoint()
  await trimJournal(journal)
  await reapDoomed()
}

const isQuiet = ({ conversation }: Unit): boolean =>
  conversation === null || answering.get(conversation) === undefined

function forget({ conversation, log }: Unit): void {
  for (const statement of conversation === null ? forgetLog : removals) {
    statement.run(conversation ?? log)
  }
}

async function sweep({ before, bytes }: { before: number; bytes: number }): Promise<void> {
  let excess = Number(total.get()?.['bytes']) - bytes
  let found: Unit[]
  do {
    found = units.all() as unknown as Unit[]
    const outlived = found.filter(unit => {
      const goes = unit.written < before || excess > 0
      if (goes) excess -= unit.bytes
      return goes
    })
    if (outlived.length < found.length) found = []
    // An answer may have begun in one of them since it was looked at.
    await slice(() => outlived.filter(isQuiet).forEach(forget))
  } while (found.length > 0)
}

serve(db, async (task: Task) => {
  if (task.type === 'sweep') await sweep(task)
  await tidy(task.journal)
})
