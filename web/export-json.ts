import type { ConversationFile } from '../src/transports/conversation-file.ts'
import type { ConversationWithTurns, Turn } from '../src/transports/views.ts'

/** What a file says of itself, so that it is known again. */
export const FORMAT = 'chatai.conversation'
export const VERSION = 1

/** A conversation as the text of a file: everything but the logs, which stay with their server. */
export function exported(conversation: ConversationWithTurns): string {
  const { title, createdAt, updatedAt, head, turns } = conversation
  const file: ConversationFile = {
    format: FORMAT,
    version: VERSION,
    title,
    createdAt,
    updatedAt,
    ...(head !== null && { head }),
    turns: turns.map(loose),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** A turn by itself, without the log that its server has of it. */
function loose(turn: Turn): ConversationFile['turns'][number] {
  const { generation: _, ...kept } = turn
  return kept
}
