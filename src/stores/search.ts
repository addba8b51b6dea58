import type { Conversation, Found, Page, Quest } from '../core/conversation.ts'
import { type Cursor, readCursor, writeCursor } from './cursor.ts'
import { type Matcher, createMatcher } from './match.ts'

/** What a search goes through. */
export interface Stacks {
  /** Newest first, after the cursor. */
  conversations(owner: string, after: Cursor | undefined): Iterable<Conversation>
  /** What was said in one of them; a text that cannot hold it may be left out. */
  texts(id: string, matcher: Matcher): Iterable<string>
}

/** The next page of what is found, or as much of it as there is when it is `enough` for now. */
export function search(stacks: Stacks, quest: Quest, enough: () => boolean): Page {
  const matcher = createMatcher(quest.text)
  const conversations: Found[] = []
  /** The last one that was looked through: a page goes on after it. */
  let last: Conversation | undefined
  for (const conversation of stacks.conversations(quest.owner, readCursor(quest.after))) {
    // At least one is looked through, or a search would never come to its end.
    if (last !== undefined && enough()) return { conversations, next: writeCursor(last) }
    const found = look(stacks, conversation, matcher)
    if (found !== undefined && last !== undefined && conversations.length >= quest.limit) {
      return { conversations, next: writeCursor(last) }
    }
    if (found !== undefined) conversations.push(found)
    last = conversation
  }
  return { conversations, next: undefined }
}

function look(stacks: Stacks, conversation: Conversation, matcher: Matcher): Found | undefined {
  if (matcher.isIn(conversation.title)) return conversation
  for (const text of stacks.texts(conversation.id, matcher)) {
    const excerpt = matcher.excerpt(text)
    if (excerpt !== undefined) return { ...conversation, excerpt }
  }
  return undefined
}
