import type { Changed } from './changed.ts'
import type { Message, Params } from './chunk.ts'
import type { Ending, Tokens } from './event.ts'
import type { Log } from './log.ts'

/**
 * One message of a conversation. Turns form a tree: editing or regenerating adds a sibling, so that
 * earlier versions stay. An answer's text is in its generation's log until it has ended; then
 * `content` and `reasoning` hold it, and `end` says how it ended.
 */
export interface Turn {
  readonly id: string
  readonly parent: string | null
  readonly role: 'user' | 'assistant'
  readonly content: string
  /** Ms since the epoch. */
  readonly at: number
  readonly generation?: string
  readonly model?: string
  readonly params?: Params
  readonly reasoning?: string
  readonly usage?: Tokens
  /** Where other settings took over, in order; absent where none did. */
  readonly changes?: readonly Changed[]
  readonly end?: Ending
}

/** What is known of a conversation without its turns; times are ms since the epoch. */
export interface Conversation {
  readonly id: string
  /** Whose it is; see core/owned.ts. */
  readonly owner: string
  readonly title: string
  readonly createdAt: number
  readonly updatedAt: number
  /** The last turn of the version that is shown and continued. */
  readonly head: string | null
}

/** How an answer ended, written to its turn. */
export interface Settlement {
  readonly content: string
  readonly reasoning: string
  readonly model: string
  readonly params: Params
  readonly usage?: Tokens
  readonly changes?: readonly Changed[]
  readonly end: Ending
}

/** A conversation that a search found; where its title does not hold it, the text around the hit. */
export interface Found extends Conversation {
  readonly excerpt?: string
}

/** What is searched for among an owner's, a page at a time; `after` is the `next` of the page before. */
export interface Quest {
  readonly owner: string
  readonly text: string
  readonly limit: number
  readonly after?: string | undefined
}

export interface Page {
  readonly conversations: readonly Found[]
  /** Hand it to the next `list`; undefined on the last page. */
  readonly next: string | undefined
}

/**
 * The conversations and their turns; laws in test/stores/conversation.laws.ts. Writes resolve once
 * they are kept and join the log's transaction of the same tick (law 5 of Log).
 */
export interface Conversations {
  create(conversation: Conversation): Promise<void>
  get(id: string): Promise<Conversation | undefined>
  /** All turns, all versions, in the order they were added; empty if there is no such conversation. */
  turns(id: string): Promise<readonly Turn[]>
  /** An owner's, newest `updatedAt` first, `limit` at a time, from where `after` (a page's `next`) ended. */
  list(owner: string, limit: number, after?: string): Promise<Page>
  /**
   * The same for those whose title, or a turn of whatever version, holds the text: as it stands,
   * with letters upper or lower case. A page may be short, even empty, before the last: the search
   * has come as far as its `next` then.
   */
  search(quest: Quest): Promise<Page>
  /** Add turns, make the last of them the head and set `updatedAt`. */
  add(id: string, turns: readonly Turn[], at: number): Promise<void>
  /** Write an ended answer into the turn of that generation; a no-op where there is no such turn. */
  settle(generation: string, settlement: Settlement): Promise<void>
  patch(id: string, change: { title?: string; head?: string }): Promise<void>
  /** Forget the conversation, its turns and the logs of its generations. */
  remove(id: string): Promise<void>
}

/** Both halves of what is kept, written together. */
export interface Store {
  readonly log: Log
  readonly conversations: Conversations
  /**
   * Forget ended logs and conversations without a live answer: those last written before `before`
   * (ms since the epoch), and the oldest beyond `bytes` in all. Resolves when it is done, without
   * holding up appends meanwhile.
   */
  sweep(policy: { before: number; bytes: number }): Promise<void>
  /** Give that owner for good what was made without a key. */
  bequeath(owner: string): Promise<void>
  /** Keep what was handed over, then let go of files, timers and threads. */
  close(): Promise<void>
}

/** The turns from the root to `head`, oldest first. */
export function branch(turns: readonly Turn[], head: string | null): Turn[] {
  const byId = new Map(turns.map(turn => [turn.id, turn]))
  const path: Turn[] = []
  for (let at = head; at !== null;) {
    const turn = byId.get(at)
    if (turn === undefined) break
    path.push(turn)
    at = turn.parent
  }
  return path.toReversed()
}

/**
 * UTF-8 bytes and a guess of tokens of a text: four ASCII characters a token, one of any other
 * script, which errs on the side of too many for Chinese (o200k: about 0.7).
 */
export function weigh(text: string): { bytes: number; tokens: number } {
  let ascii = 0
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) ascii++
    // Half of a surrogate pair is two of its four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3
  }
  return { bytes, tokens: Math.ceil(ascii / 4) + (text.length - ascii) }
}

/** Tokens that a message costs beside its text: role and separators. */
const MESSAGE_TOKENS = 4

/**
 * The messages that fit into `budget` tokens: system messages and the last message stay, the oldest
 * of the others go first. The last message stays even if it alone is over the budget: then it is
 * for the model to say so.
 */
export function fit(messages: readonly Message[], budget: number): readonly Message[] {
  const cost = (message: Message): number => weigh(message.content).tokens + MESSAGE_TOKENS
  const fixed = messages.filter(
    (message, i) => message.role === 'system' || i === messages.length - 1,
  )
  let left = budget - fixed.reduce((sum, message) => sum + cost(message), 0)
  const kept = new Set(fixed)
  for (const message of messages.toReversed()) {
    if (kept.has(message)) continue
    left -= cost(message)
    if (left < 0) break
    kept.add(message)
  }
  const rest = messages.filter(message => kept.has(message))
  // An answer whose question went is an answer to nothing, and some models refuse to begin with it.
  const first = rest.findIndex(({ role }, i) => role === 'user' || i === rest.length - 1)
  return rest.filter(({ role }, i) => role === 'system' || i >= first)
}

/** Of the window, what is kept free for the answer when `max_tokens` does not say it … */
const ANSWER_SHARE = 0.25
/** … and what at most, so that a high `max_tokens` does not push the whole context out. */
const MOST_SHARE = 0.5

/**
 * What a model is sent: the system parameter first, then as much of the context as fits beside the
 * answer, of which `said` tokens are there already and are sent along.
 */
export function assemble(
  context: readonly Message[],
  params: Params,
  { contextWindow, said }: { contextWindow: number; said: number },
): readonly Message[] {
  const { system } = params
  const messages: readonly Message[] =
    system === undefined || system === ''
      ? context
      : [{ role: 'system', content: system }, ...context]
  const wanted = params.max_tokens ?? contextWindow * ANSWER_SHARE
  return fit(messages, contextWindow - said - Math.min(wanted, contextWindow * MOST_SHARE))
}
