import type { Store } from './conversation.ts'
import { ChatError } from './errors.ts'
import { fold } from './fold.ts'
import { failed } from './failures.ts'

/**
 * End as `interrupted` what a crash left open; called once, before the first request. We never go
 * on in the middle of a sentence and pretend. Resolves with how many there were.
 */
export async function recover({ log, conversations }: Store): Promise<number> {
  const open = await log.open()
  for (const id of open) {
    const state = await fold(log, id)
    if (state === undefined) continue
    const message = 'The server was restarted while this was being written. Please retry.'
    const end = failed(new ChatError('interrupted', message))
    const { text: content, reasoning, model, params, changes } = state
    const said = { content, reasoning, model, params, ...(changes && { changes }) }
    await Promise.all([log.append(id, [end]), conversations.settle(id, { ...said, end })])
  }
  return open.length
}
