import type { DatabaseSync } from 'node:sqlite'

import { decode } from '../core/event.ts'
import { createLive, grow, type Live } from './sqlite-live.ts'

/** What a start finds: the logs that a crash left open, and where numbering goes on. */
export interface Recovered {
  readonly lives: Map<string, Live>
  /** The last journal row that was ever needed. */
  readonly journal: number
  /** The highest key of a log that is or was in use. */
  readonly log: number
  /** Whether rows are left that nobody needs. */
  readonly litter: boolean
}

/** Read the open logs back: their pages' ends, then the journal from its beginning. */
export function recover(db: DatabaseSync): Recovered {
  const lives = new Map<string, Live>()
  for (const row of db.prepare(OPEN).all() as unknown as OpenRow[]) {
    const live = createLive(row)
    live.seq = row.paged
    live.paged = row.paged
    live.pagedBytes = row.bytes
    lives.set(live.id, live)
  }
  const journal = replay(db, lives)
  const { log, doomed } = db.prepare(KEYS).get() as { log: number; doomed: number }
  return { lives, journal, log, litter: journal > 0 || doomed > 0 }
}

interface OpenRow {
  readonly id: string
  readonly log: number
  readonly owner: string
  readonly conversation: string | null
  readonly paged: number
  readonly bytes: number
}

const OPEN = `
  SELECT g.id, g.log, g.owner, g.conversation,
    coalesce(max(p.last), 0) AS paged, coalesce(sum(octet_length(p.lines)), 0) AS bytes
  FROM generations g LEFT JOIN pages p ON p.log = g.log WHERE g.ended = 0 GROUP BY g.log`

const KEYS = `
  SELECT count(*) AS doomed,
    max(coalesce(max(log), 0), (SELECT coalesce(max(log), 0) FROM generations)) AS log
  FROM doomed`

function replay(db: DatabaseSync, lives: ReadonlyMap<string, Live>): number {
  let n = 0
  for (const row of db.prepare('SELECT n, lines FROM journal ORDER BY n').iterate()) {
    n = Number(row['n'])
    if (lives.size === 0) continue
    for (const json of String(row['lines']).split('\n')) {
      const { generation, seq } = decode({ seq: 0, last: false, json })
      const live = lives.get(generation)
      // Smaller ones are in a page; the terminal event never is in the journal.
      if (live !== undefined && seq === live.seq + 1) grow(live, [{ seq, last: false, json }], n)
    }
  }
  return n
}
