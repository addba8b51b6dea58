/* oxlint-disable unicorn/require-post-message-target-origin -- threads, not windows */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

import { refusals } from './refusals.ts'

/** What the janitor is asked to do, and what it answers. */
export type Task =
  | { readonly type: 'tidy'; readonly journal: number }
  | {
      readonly type: 'sweep'
      readonly before: number
      readonly bytes: number
      readonly journal: number
    }
  | { readonly type: 'close' }
export interface Answer {
  /** What went wrong, if anything. */
  readonly error: string | undefined
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

/** Starts the thread when there is something to do. It never keeps the process alive by itself. */
export function createJanitor({ file, bound, died }: JanitorOptions): Janitor {
  let worker: Worker | undefined
  let bytes = 0
  let tidying = false
  let dead = false
  /** The last generations leave memory after the store was told to close: nothing starts then. */
  let closing = false
  /** The last task; they are done in turn. */
  let last: Promise<unknown> = Promise.resolve()

  function start(): Worker {
    const started = new Worker(new URL('./sqlite-janitor.ts', import.meta.url), {
      workerData: file,
    })
    started.once('error', () => {
      dead = true
      died()
    })
    return started
  }

  async function ask(task: Task): Promise<void> {
    if (dead) throw refusals.overloaded()
    worker ??= start()
    worker.ref()
    worker.postMessage(task)
    const { error } = await answer(worker)
    worker.unref()
    if (error !== undefined) throw refusals.overloaded(new Error(error))
  }

  function inTurn(task: () => Task): Promise<void> {
    const done = last.then(() => ask(task()))
    last = done.catch(() => undefined)
    return done
  }

  function tidy(): void {
    bytes = 0
    if (tidying || dead || closing) return
    tidying = true
    const done = inTurn(() => ({ type: 'tidy', journal: bound() }))
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
      await inTurn(() => ({ type: 'sweep', ...policy, journal: bound() }))
    },
    async close() {
      closing = true
      await last
      if (worker === undefined || dead) return
      const exit = new Promise(resolve => worker?.once('exit', resolve))
      worker.ref()
      worker.postMessage({ type: 'close' } satisfies Task)
      await exit
    },
  }
}

/** The next answer, or why there is none. */
async function answer(worker: Worker): Promise<Answer> {
  try {
    const [message] = (await once(worker, 'message')) as [Answer]
    return message
  } catch (error) {
    return { error: String(error) }
  }
}
