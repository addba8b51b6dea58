import { refusals } from './refusals.ts'
import { createThread } from './sqlite-worker.ts'

/** What the janitor is asked to do. */
export type Task =
  | { readonly type: 'tidy'; readonly journal: number }
  | {
      readonly type: 'sweep'
      readonly before: number
      readonly bytes: number
      readonly journal: number
    }

/** The janitor as the store sees it: one task at a time on a thread of its own. */
export interface Janitor {
  /** So many bytes were written; now and then it is time to tidy. */
  wrote(bytes: number): void
  /** Trim the journal, reap deleted logs, checkpoint. */
  tidy(): void
  sweep(policy: { before: number; bytes: number }): Promise<void>
  close(): Promise<void>
}

interface JanitorOptions {
  readonly file: string
  /** Journal rows before this one are needed no more. */
  readonly bound: () => number
  /** The thread is dead: checkpoints are the store's own again. */
  readonly died: () => void
}

/** WAL written between two checkpoints: some ms of the janitor's work, and bounds the -wal file. */
const TIDY_BYTES = 4 * 1024 * 1024

/** Starts its thread when there is something to do. */
export function createJanitor({ file, bound, died }: JanitorOptions): Janitor {
  const thread = createThread<Task, void>({
    program: './sqlite-janitor.ts',
    file,
    died() {
      dead = true
      died()
    },
  })
  let bytes = 0
  let tidying = false
  let dead = false
  /** The last generations leave memory after the store was told to close: nothing starts then. */
  let closing = false

  function ask(task: () => Task): Promise<void> {
    return thread
      .ask(() => {
        if (dead) throw new Error('its thread is dead')
        return task()
      })
      .catch((error: unknown) => {
        throw refusals.overloaded(error)
      })
  }

  function tidy(): void {
    bytes = 0
    if (tidying || dead || closing) return
    tidying = true
    const done = ask(() => ({ type: 'tidy', journal: bound() }))
    const over = (): void => void (tidying = false)
    // What could not be tidied now (a full disk) is tidied with the next TIDY_BYTES.
    void done.then(over, over)
  }

  return {
    wrote(count) {
      bytes += count
      if (bytes >= TIDY_BYTES) tidy()
    },
    tidy,
    sweep: async policy => {
      if (closing) throw refusals.closed()
      await ask(() => ({ type: 'sweep', ...policy, journal: bound() }))
    },
    close() {
      closing = true
      return thread.close()
    },
  }
}
