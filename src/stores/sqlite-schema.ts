import type { DatabaseSync } from 'node:sqlite'

/** What this version writes; `PRAGMA user_version` of the file. A change adds to `migrations`. */
export const VERSION = 2

/** 'ChAI', so that the database of another program is not taken for ours. */
const APPLICATION_ID = 0x43684149

/**
 * How an event is kept. Each transaction appends its lines, of whichever generations, to `journal`
 * as one row: one page is written however many answers are live (50 answers: 0.6 µs an event
 * against 14 with a row and an index entry for each). When a generation has enough for a page, or
 * has ended, its lines are gathered into `pages`, and journal rows that no live generation needs
 * are trimmed. Whatever is not in `pages` yet is in memory, so that only a start reads the journal.
 *
 * Text of people and models is kept as JSON: a lone surrogate would not survive as raw TEXT.
 * `doomed` holds logs that are deleted for every reader and whose pages are still to be reaped.
 */
const migrations = [
  `
  CREATE TABLE journal (n INTEGER PRIMARY KEY, lines TEXT NOT NULL) STRICT;
  CREATE TABLE pages (
    log INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, lines TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX pages_place ON pages (log, first);
  CREATE TABLE generations (
    log INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation TEXT,
    claim TEXT UNIQUE,
    digest TEXT,
    seq INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    written INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX generations_conversation ON generations (conversation) WHERE conversation NOT NULL;
  CREATE INDEX generations_open ON generations (log) WHERE ended = 0;
  CREATE TABLE doomed (log INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    head TEXT,
    written INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX conversations_updated ON conversations (updated, id);
  CREATE TABLE turns (
    n INTEGER PRIMARY KEY, conversation TEXT NOT NULL, generation TEXT, turn TEXT NOT NULL
  ) STRICT;
  CREATE INDEX turns_conversation ON turns (conversation);
  CREATE INDEX turns_generation ON turns (generation) WHERE generation NOT NULL;
  `,
  // What was there before there were owners was made without a key, as far as anybody knows.
  `
  ALTER TABLE generations ADD COLUMN owner TEXT NOT NULL DEFAULT '';
  ALTER TABLE conversations ADD COLUMN owner TEXT NOT NULL DEFAULT '';
  CREATE INDEX conversations_owner ON conversations (owner, updated, id);
  DROP INDEX conversations_updated;
  `,
]

/**
 * Each takes the id of a conversation: together they forget it with its turns and logs. The pages of
 * a long answer are for the janitor to delete, a few at a time.
 */
export const forgetConversation = [
  'INSERT INTO doomed SELECT log FROM generations WHERE conversation = ?',
  'DELETE FROM generations WHERE conversation = ?',
  'DELETE FROM turns WHERE conversation = ?',
  'DELETE FROM conversations WHERE id = ?',
]

/** The number a PRAGMA answers. */
export function pragma(db: DatabaseSync, name: string): number {
  const row = db.prepare(`PRAGMA ${name}`).get() ?? {}
  return Number(Object.values(row)[0] ?? 0)
}

/** Why this database must not be used, as the rest of a sentence; undefined if it may. */
export function unfit(db: DatabaseSync): string | undefined {
  const version = pragma(db, 'user_version')
  const application = pragma(db, 'application_id')
  const foreign = application === 0 ? tables(db) > 0 : application !== APPLICATION_ID
  if (foreign) return 'belongs to another program: name another file in STORE'
  if (version <= VERSION) return undefined
  const formats = `format ${version}, this one knows ${VERSION}`
  return `was written by a newer ChatAI (${formats}): start that one, or name another file in STORE`
}

/** Bring the tables up to VERSION, in one transaction. */
export function migrate(db: DatabaseSync): void {
  const version = pragma(db, 'user_version')
  if (version === VERSION) return
  const steps = migrations.slice(version).join('')
  db.exec(
    `BEGIN IMMEDIATE; ${steps}
     PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}; COMMIT;`,
  )
}

const tables = (db: DatabaseSync): number =>
  Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'])
