import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { migrate, pragma, unfit } from './sqlite-schema.ts'

export interface SqliteFile {
  readonly db: DatabaseSync
  /** Close the database, then let another process have it. */
  close(): void
}

interface FileOptions {
  readonly file: string
  /** Bound of the database file; none by default. */
  readonly maxBytes?: number | undefined
  /** How long a write may wait for another connection's lock. */
  readonly busyMs: number
}

/** Files up to this size are checked as a whole at the start, in less than half a second. */
const CHECK_BYTES = 256 * 1024 * 1024

/** The -wal file is cut back to this size when it is begun anew. */
const WAL_KEPT_BYTES = 16 * 1024 * 1024

/**
 * Open the one database file of this process, making folder (0700) and file (0600) if need be.
 * Throws an Error of one sentence for whoever runs the server: what is wrong with which file, and
 * what to do. A damaged file is refused, never replaced.
 */
export function openFile(options: FileOptions): SqliteFile {
  const { file } = options
  const unlock = attempt(file, () => {
    makeFolder(dirname(file))
    return lock(file)
  })
  let db: DatabaseSync | undefined
  try {
    db = attempt(file, () => openDatabase(options))
    const opened = db
    return {
      db,
      close() {
        opened.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/**
 * Two servers on one file would both number the same logs. SQLite's own locks cannot tell them from
 * this process's second thread, so a second, empty database beside the first is held exclusively:
 * the kernel lets go of such a lock when the process dies, however it dies, and no stale pid can
 * ever lock anybody out.
 */
function lock(file: string): () => void {
  const path = `${file}.lock`
  // Where there is no lock nobody has the file open, so it may be looked at: see makeIfMissing.
  if (!existsSync(path)) checkHead(file)
  makeIfMissing(path)
  const db = new DatabaseSync(path, { timeout: 0 })
  try {
    seize(db, { path, file })
    chmodSync(path, PRIVATE)
  } catch (error) {
    db.close()
    if (codeOf(error) !== BUSY) throw error
    throw refuse(file, 'is in use by another ChatAI: stop that one, or name another file in STORE')
  }
  return () => db.close()
}

function seize(db: DatabaseSync, { path, file }: { path: string; file: string }): void {
  // In memory: nothing is ever written, so there need be no journal file either.
  const hold = 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE'
  try {
    db.exec(hold)
  } catch (error) {
    if (codeOf(error) !== NOT_A_DATABASE) throw error
    // Something else wrote into the lock file. Nobody holds it: that would have been BUSY.
    checkHead(file)
    truncateSync(path)
    db.exec(hold)
  }
}

function openDatabase({ file, maxBytes, busyMs }: FileOptions): DatabaseSync {
  checkHead(file)
  makeIfMissing(file)
  for (const path of [file, `${file}-wal`, `${file}-shm`]) {
    if (existsSync(path)) chmodSync(path, PRIVATE)
  }
  const db = new DatabaseSync(file, { timeout: busyMs })
  try {
    const reason = unfit(db) ?? damage(db, file)
    if (reason !== undefined) throw refuse(file, reason)
    // autocheckpoint: a checkpoint blocks for up to 12 ms, which is the janitor's to spend.
    db.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;
      PRAGMA journal_size_limit = ${WAL_KEPT_BYTES}; PRAGMA trusted_schema = OFF;
    `)
    migrate(db)
    if (maxBytes !== undefined) {
      db.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / pragma(db, 'page_size'))}`)
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function damage(db: DatabaseSync, file: string): string | undefined {
  if (statSync(file).size > CHECK_BYTES) return undefined
  const { quick_check: answer } = db.prepare('PRAGMA quick_check(1)').get() ?? {}
  return answer === 'ok' ? undefined : DAMAGED
}

/** Not `recursive`: where the system makes no folders, as in /proc, Node would try for ever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

/** Of the owner alone; SQLite gives -wal and -shm the mode of the file. */
const PRIVATE = 0o600

/** An existing one is not opened: closing it would drop the locks this process has on it. */
function makeIfMissing(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'wx', PRIVATE))
}

/** How every database begins. https://www.sqlite.org/fileformat.html#the_database_header */
const HEAD = 'SQLite format 3\0'

/**
 * A file of somebody else's is refused before anything is done to it or beside it. Only while
 * nobody has it open, for the reason above.
 */
function checkHead(file: string): void {
  if (!existsSync(file)) return
  const opened = openSync(file, 'r')
  try {
    const head = Buffer.alloc(HEAD.length)
    const length = readSync(opened, head)
    if (length > 0 && head.toString('latin1') !== HEAD) throw refuse(file, DAMAGED)
  } finally {
    closeSync(opened)
  }
}

const BUSY = 5
const CORRUPT = 11
const NOT_A_DATABASE = 26
const DAMAGED =
  'is damaged or is not a database: put a backup in its place, or move it away to begin anew'

/** SQLite's primary result code of an error, if it is one. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error && 'errcode' in error)) return undefined
  return Number(error.errcode) & 0xff
}

class Refusal extends Error {}

const refuse = (file: string, reason: string, cause?: unknown): Error =>
  new Refusal(`The store ${file} ${reason}.`, { cause })

/** Run a step of opening; whatever it throws becomes one sentence about the file. */
function attempt<T>(file: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof Refusal) throw error
    const code = codeOf(error)
    if (code === CORRUPT || code === NOT_A_DATABASE) throw refuse(file, DAMAGED, error)
    if (code === BUSY) throw refuse(file, 'is locked by another program: close that one', error)
    const text = error instanceof Error ? error.message : String(error)
    const remedy = 'make its folder writable, or name another file in STORE'
    throw refuse(file, `cannot be opened (${text}): ${remedy}`, error)
  }
}
