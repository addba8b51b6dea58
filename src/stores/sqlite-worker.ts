/* oxlint-disable unicorn/require-post-message-target-origin -- threads, not windows */
import { once } from 'node:events'
import type { DatabaseSync } from 'node:sqlite'
import { Worker, parentPort } from 'node:worker_threads'

/** A thread beside the store's own, with a connection of its own. */
export interface Thread<Task, Result> {
  /** Tasks are done in turn; `task` is asked what it is when its turn has come. */
  ask(task: () => Task): Promise<Result>
  /** After the last task. */
  close(): Promise<void>
}

interface ThreadOptions {
  /** The file beside this one that runs in it. */
  readonly program: string
  /** The database. */
  readonly file: string
  /** It broke down; the next task starts another. */
  readonly died?: () => void
}

/** What is said to the thread, and what it answers. */
type Order<Task> = { readonly task: Task } | 'close'
type Answer<Result> = { readonly result: Result } | { readonly error: string }

/** Starts the thread when there is something to do. It never keeps the process alive by itself. */
export function createThread<Task, Result>(options: ThreadOptions): Thread<Task, Result> {
  let worker: Worker | undefined
  /** The last task. */
  let last: Promise<unknown> = Promise.resolve()

  function start(): Worker {
    const started = new Worker(new URL(options.program, import.meta.url), {
      workerData: options.file,
    })
    started.once('error', () => {
      worker = undefined
      options.died?.()
    })
    return started
  }

  async function put(task: Task): Promise<Result> {
    const asked = (worker ??= start())
    asked.ref()
    asked.postMessage({ task } satisfies Order<Task>)
    // Rejects when the thread breaks down.
    const [answer] = (await once(asked, 'message')) as [Answer<Result>]
    asked.unref()
    if ('error' in answer) throw new Error(answer.error)
    return answer.result
  }

  return {
    ask(task) {
      const done = last.then(() => put(task()))
      last = done.catch(() => undefined)
      return done
    },
    async close() {
      await last
      if (worker === undefined) return
      const exit = once(worker, 'exit')
      worker.ref()
      worker.postMessage('close' satisfies Order<Task>)
      await exit
    },
  }
}

/** In the thread: do what is asked, until it is told to close. `act` knows what its tasks are. */
export function serve(db: DatabaseSync, act: (task: never) => unknown): void {
  async function answer(task: unknown): Promise<Answer<unknown>> {
    try {
      return { result: await act(task as never) }
    } catch (error) {
      return { error: String(error) }
    }
  }
  parentPort?.on('message', async (order: Order<unknown>) => {
    if (order !== 'close') return parentPort?.postMessage(await answer(order.task))
    db.close()
    parentPort?.close()
  })
}
