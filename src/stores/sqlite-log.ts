import type { DatabaseSync } from 'node:sqlite'

import type { Log } from '../core/log.ts'
import { NOBODY } from '../core/owned.ts'
import { createPulse } from '../core/pulse.ts'
import { inTurn, take } from './lines.ts'
import { refusals } from './refusals.ts'
import type { Committer } from './sqlite-commit.ts'
import { createJournal } from './sqlite-journal.ts'
import { createLedger } from './sqlite-ledger.ts'
import { createLive, type Live, oldest } from './sqlite-live.ts'
import { createPages } from './sqlite-pages.ts'
import type { Recovered } from './sqlite-recover.ts'

interface LogOptions {
  readonly committer: Committer
  readonly recovered: Recovered
  readonly now: () => number
  /** So many bytes of text were kept. */
  readonly wrote: (bytes: number) => void
  /** Nobody is live: what is left in the journal can go. */
  readonly idle: () => void
}

export interface SqliteLog {
  readonly log: Log
  /** The logs of a conversation are deleted: drop the live ones, wake their readers. */
  drop(conversation: string): void
  /** What nobody owns is that owner's: so it stands in the tables already. */
  bequeath(owner: string): void
  /** Text of all live logs. */
  bytes(): number
  /** Journal rows before this one are needed no more. */
  bound(): number
}

/** The Log half: live generations in memory and journal, the rest in pages. */
export function createSqliteLog(db: DatabaseSync, options: LogOptions): SqliteLog {
  const { lives } = options.recovered
  const pages = createPages(db)
  const journal = createJournal(options.recovered.journal, lives)
  const left = (): void => {
    if (lives.size === 0) options.idle()
  }
  const enter = createLedger({ ...options, pages, journal, lives, left })
  let lastLog = options.recovered.log

  /** The live generation of that id whose creation is kept. */
  const kept = (generation: string): Live | undefined => {
    const live = lives.get(generation)
    return live?.seq === 0 ? undefined : live
  }

  const log: Log = {
    async create(generation, started, { owner = NOBODY, claim } = {}) {
      if (lives.has(generation)) throw refusals.taken()
      const { conversation } = started
      const live = createLive({ id: generation, log: ++lastLog, owner, conversation })
      lives.set(generation, live)
      await enter(live, [started], claim)
    },
    async append(generation, facts) {
      const live = lives.get(generation)
      return live === undefined || live.ended ? false : enter(live, facts)
    },
    async read(generation, after) {
      const live = kept(generation)
      if (live !== undefined && after + 1 >= oldest(live)) {
        return inTurn(take(live.tail, after + 1 - oldest(live)), live.seq)
      }
      const place = pages.find(generation)
      return place && inTurn(pages.read(place, after + 1), live?.seq ?? place.seq)
    },
    async head(generation) {
      const live = kept(generation)
      if (live !== undefined) return { owner: live.owner, seq: live.seq, ended: live.ended }
      const place = pages.find(generation)
      return place && { owner: place.owner, seq: place.seq, ended: place.ended === 1 }
    },
    watch: (generation, signal) => (lives.get(generation)?.pulse ?? createPulse()).join(signal),
    claimed: async key => pages.claimed(key),
    open: async () =>
      [...lives.values()].filter(live => live.seq > 0 && !live.ended).map(live => live.id),
  }

  return {
    log,
    drop(conversation) {
      for (const live of lives.values()) {
        if (live.conversation !== conversation) continue
        lives.delete(live.id)
        live.ended = true
        live.pulse.fire()
      }
    },
    bequeath(owner) {
      for (const live of lives.values()) if (live.owner === NOBODY) live.owner = owner
    },
    bytes: () =>
      [...lives.values()].reduce(
        (sum, { pagedBytes, unpagedBytes }) => sum + pagedBytes + unpagedBytes,
        0,
      ),
    bound: () => journal.bound(),
  }
}
