import type { Store } from '../core/conversation.ts'
import { NOBODY } from '../core/owned.ts'
import { type Commit, createCommitter } from './sqlite-commit.ts'
import { createSqliteConversations } from './sqlite-conversations.ts'
import { openFile } from './sqlite-file.ts'
import { createSqliteLog } from './sqlite-log.ts'
import { recover } from './sqlite-recover.ts'
import { createSearcher } from './sqlite-search.ts'
import { createJanitor } from './sqlite-thread.ts'

export interface SqliteOptions {
  /** The database; its folder is made if need be. `-wal`, `-shm` and `.lock` stand beside it. */
  readonly file: string
  /** Ms since the epoch, for the sweep; Date.now by default. */
  readonly now?: () => number
  /** Bound of the database file, past which writes are refused; none by default. */
  readonly maxBytes?: number
  /** How long a write waits for another connection; 2 s by default, and it blocks the process. */
  readonly busyMs?: number
  /** Told of each transaction once it is kept. */
  readonly committed?: (commit: Commit) => void
}

/** A transaction writes about two pages of WAL beside its text. */
const COMMIT_BYTES = 8192

/** Without the janitor SQLite's own habit: a checkpoint whenever the WAL has so many pages. */
const AUTOCHECKPOINT_PAGES = 1000

/**
 * A store in one SQLite file, of one process at a time: nothing kept is lost on kill -9, and a
 * consistent prefix remains after a power cut. Throws an Error of one sentence if the file cannot
 * be used: locked, damaged, of another program or of a newer version.
 */
export function openSqliteStore(options: SqliteOptions): Store {
  const { file, maxBytes, now = Date.now, busyMs = 2000 } = options
  const opened = openFile({ file, maxBytes, busyMs })
  const { db } = opened
  const recovered = recover(db)
  const committer = createCommitter(db, commit => {
    janitor.wrote(COMMIT_BYTES)
    options.committed?.(commit)
  })
  const half = createSqliteLog(db, {
    committer,
    recovered,
    now,
    wrote: bytes => janitor.wrote(bytes),
    idle: () => janitor.tidy(),
  })
  const janitor = createJanitor({
    file,
    bound: () => half.bound(),
    died: () => db.exec(`PRAGMA wal_autocheckpoint = ${AUTOCHECKPOINT_PAGES}`),
  })
  if (recovered.litter) janitor.tidy()

  const searcher = createSearcher(file)
  const conversations = createSqliteConversations(db, {
    committer,
    now,
    searcher,
    removed(id) {
      half.drop(id)
      janitor.tidy()
    },
  })

  const bequests = ['generations', 'conversations'].map(table =>
    db.prepare(`UPDATE ${table} SET owner = ? WHERE owner = ?`),
  )

  let closed: Promise<void> | undefined
  async function shut(): Promise<void> {
    committer.close()
    await Promise.all([searcher.close(), janitor.close()])
    opened.close()
  }

  return {
    log: half.log,
    conversations,
    bequeath: owner =>
      committer.write(
        () => {
          for (const statement of bequests) statement.run(owner, NOBODY)
        },
        () => half.bequeath(owner),
      ),
    sweep: ({ before, bytes }) => janitor.sweep({ before, bytes: bytes - half.bytes() }),
    close: () => (closed ??= shut()),
  }
}
