import type { Conversation, Page } from '../core/conversation.ts'
import { ChatError } from '../core/errors.ts'

/** Where a page of conversations ended. */
export interface Cursor {
  readonly updatedAt: number
  readonly id: string
}

/** The cursor after a conversation, as the text that a page's `next` holds. */
export const writeCursor = ({ updatedAt, id }: Conversation): string => `${updatedAt}.${id}`

/** Reads what writeCursor wrote; it comes back from a client, so anything else is refused. */
export function readCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined
  const [, updatedAt, id] = /^(\d{1,16})\.([\w-]{1,128})$/.exec(text) ?? []
  if (updatedAt === undefined || id === undefined) {
    throw new ChatError('invalid_request', 'This is not a page cursor; send the `next` of a page.')
  }
  return { updatedAt: Number(updatedAt), id }
}

/** The first `limit` of what comes after a cursor; `found` tells by one more that there is more. */
export function pageOf(found: readonly Conversation[], limit: number): Page {
  const conversations = found.slice(0, limit)
  const end = conversations.at(-1)
  const more = end !== undefined && found.length > conversations.length
  return { conversations, next: more ? writeCursor(end) : undefined }
}
