import type { Page, Quest } from '../core/conversation.ts'
import { refusals } from './refusals.ts'
import { createThread } from './sqlite-worker.ts'

/** Searching as the store sees it: one page at a time, on a thread of its own. */
export interface Searcher {
  search(quest: Quest): Promise<Page>
  close(): Promise<void>
}

/** Searches that may wait for their turn, some seconds' work; beyond it they are refused. */
const QUEUE = 32

export function createSearcher(file: string): Searcher {
  const thread = createThread<Quest, Page>({ program: './sqlite-search-thread.ts', file })
  let waiting = 0
  let closing = false

  return {
    async search(quest) {
      if (closing) throw refusals.closed()
      if (waiting >= QUEUE) throw refusals.searching()
      waiting++
      try {
        return await thread.ask(() => quest)
      } catch (cause) {
        throw refusals.searching(cause)
      } finally {
        waiting--
      }
    },
    close() {
      closing = true
      return thread.close()
    },
  }
}
