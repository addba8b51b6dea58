import type { DatabaseSync } from 'node:sqlite'

import { ChatError } from '../core/errors.ts'
import { atTickEnd } from '../tick.ts'
import { refusals } from './refusals.ts'

/** Something to be kept with whatever else is handed over in the same tick. */
export interface Write {
  /**
   * Inside the transaction: change the database and nothing else. A ChatError thrown before
   * anything was changed refuses this write alone; any other error undoes all of them.
   */
  run(): void
  /** After COMMIT: make it visible and resolve its promises. */
  keep(): void
  /** After ROLLBACK or refusal: nothing happened; reject its promises. */
  fail(error: ChatError): void
}

export interface Committer {
  /** Keep a write in this tick's transaction. */
  push(write: Write): void
  /** The same for one promise: resolves with what `run` returned. */
  write<T>(run: () => T, keep?: () => void): Promise<T>
  /** Commit what was pushed, now, and refuse everything after it. */
  close(): void
}

/** What one transaction was: for the metrics. */
export interface Commit {
  readonly writes: number
  readonly ms: number
}

/**
 * Group commit: all that is handed over by the end of a tick is one transaction. A write of its own
 * costs 10-16 µs, one more in the same transaction 1 µs.
 */
export function createCommitter(db: DatabaseSync, committed: (commit: Commit) => void): Committer {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  let batch: Write[] = []
  let closed = false

  function transact(writes: readonly Write[]): Map<Write, ChatError> {
    const refused = new Map<Write, ChatError>()
    begin.run()
    for (const write of writes) {
      try {
        write.run()
      } catch (error) {
        if (!(error instanceof ChatError)) throw error
        refused.set(write, error)
      }
    }
    commit.run()
    return refused
  }

  function flush(): void {
    if (batch.length === 0) return
    const writes = batch
    batch = []
    let refused: Map<Write, ChatError>
    const began = performance.now()
    try {
      refused = transact(writes)
    } catch (cause) {
      // Some errors (a full disk) have already rolled it back.
      if (db.isTransaction) db.exec('ROLLBACK')
      for (const write of writes) write.fail(refusals.overloaded(cause))
      return
    }
    const ms = performance.now() - began
    for (const write of writes) {
      const error = refused.get(write)
      if (error === undefined) write.keep()
      else write.fail(error)
    }
    committed({ writes: writes.length, ms })
  }

  function push(write: Write): void {
    if (closed) return write.fail(refusals.closed())
    if (batch.push(write) === 1) atTickEnd(flush)
  }

  return {
    push,
    write<T>(run: () => T, keep?: () => void) {
      return new Promise<T>((resolve, reject) => {
        let result: T
        push({
          run: () => void (result = run()),
          keep() {
            keep?.()
            resolve(result)
          },
          fail: reject,
        })
      })
    },
    close() {
      closed = true
      flush()
    },
  }
}
