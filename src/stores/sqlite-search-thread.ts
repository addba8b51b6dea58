/** The thread that searches: it has a connection of its own, so that reading holds up nobody. */
import { DatabaseSync } from 'node:sqlite'
import { workerData } from 'node:worker_threads'

import type { Quest } from '../core/conversation.ts'
import { type Stacks, search } from './search.ts'
import { createRows } from './sqlite-rows.ts'
import { serve } from './sqlite-worker.ts'

/**
 * After so long a page ends where the search has come, and the next one in the queue has its turn.
 * 10,000 conversations of 10 turns, 76 MB of text, take half a second in all.
 */
const TURN_MS = 250

const db = new DatabaseSync(String(workerData), { readOnly: true })
const rows = createRows(db)

const stacks: Stacks = {
  conversations: (owner, after) => rows.stream(owner, after),
  *texts(id, matcher) {
    for (const json of rows.texts(id)) {
      if (matcher.mayBeIn(json)) yield (JSON.parse(json) as { content: string }).content
    }
  },
}

serve(db, (quest: Quest) => {
  const until = performance.now() + TURN_MS
  return search(stacks, quest, () => performance.now() > until)
})
