/** What belongs to whom: the one place that asks, for every command of every transport. */
import type { Conversation, Page, Quest, Store } from './conversation.ts'
import { ChatError } from './errors.ts'
import type { Claim, Head } from './log.ts'

/** Who asks. */
export interface Caller {
  /** Whose answers and conversations these are; `NOBODY`'s where the server has no keys. */
  readonly owner: string
  /** Live answers are counted by this: the owner, or an address; undefined if they are not. */
  readonly quota: string | undefined
}

/** The owner of what is made without a key. */
export const NOBODY = ''

/** A store as its owner sees it: what is another's does not exist. */
export interface Owned {
  readonly owner: string
  /** Where this log ends; throws `not_found`. */
  generation(id: string): Promise<Head>
  /** Throws `not_found`. */
  conversation(id: string): Promise<Conversation>
  list(limit: number, after?: string): Promise<Page>
  search(quest: Omit<Quest, 'owner'>): Promise<Page>
  /** A claim under a key that no other owner's can be equal to. */
  claim(claim: Claim): Claim
}

export function ownedBy(owner: string, { log, conversations }: Store): Owned {
  return {
    owner,
    async generation(id) {
      const head = await log.head(id)
      if (head === undefined || head.owner !== owner) throw noGeneration()
      return head
    },
    async conversation(id) {
      const conversation = await conversations.get(id)
      if (conversation === undefined || conversation.owner !== owner) throw noConversation()
      return conversation
    },
    list: (limit, after) => conversations.list(owner, limit, after),
    search: quest => conversations.search({ ...quest, owner }),
    // A key has no space in it, so that the last one parts it from the owner.
    claim: ({ key, digest }) => ({ key: owner === NOBODY ? key : `${owner} ${key}`, digest }),
  }
}

export const noGeneration = (): ChatError =>
  new ChatError('not_found', 'There is no such answer. It may have been deleted or expired.')

export const noTurn = (): ChatError =>
  new ChatError('not_found', 'There is no such turn in this conversation.')

const noConversation = (): ChatError =>
  new ChatError('not_found', 'There is no such conversation. It may have been deleted.')
