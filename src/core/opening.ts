import type { Message, Params } from './chunk.ts'
import { type Conversation, type Store, type Turn, branch } from './conversation.ts'
import { ChatError } from './errors.ts'
import type { Claim } from './log.ts'
import { type Owned, noTurn } from './owned.ts'
import { titleOf } from './title.ts'

/** What a client asks for when it starts a generation; transports have checked types and sizes. */
export interface Start {
  readonly message?: string
  readonly messages?: readonly Message[]
  readonly conversation?: string
  readonly regenerate?: string
  readonly edit?: string
  readonly model?: string
  readonly params?: Params
  readonly onDisconnect?: 'continue' | 'stop'
  readonly claim?: Claim
}

/** What a start comes to: the context to answer, and the conversation and turns to write. */
export interface Opening {
  readonly context: readonly Message[]
  readonly conversation: string | null
  /** Hand the writes to the store; `answer` is the generation's turn. */
  readonly write: (answer: { generation: string; at: number }) => Promise<void>[]
}

interface Known {
  readonly turns: readonly Turn[]
  readonly head: string | null
}

const NEW: Known = { turns: [], head: null }

export type NewId = (kind: 'gen' | 'cnv' | 'trn') => string

/** Refuse what contradicts itself before anything is read or written. */
export function check(start: Start): void {
  const asked = [start.message, start.messages, start.regenerate].filter(x => x !== undefined)
  if (asked.length !== 1) {
    throw invalid('Send exactly one of message, messages and regenerate.')
  }
  if (start.messages !== undefined && start.conversation !== undefined) {
    throw invalid('messages is stateless: leave conversation out, or send message instead.')
  }
  if (start.edit !== undefined && start.message === undefined) {
    throw invalid('edit needs message, the new text of the question.')
  }
  if ((start.edit ?? start.regenerate) !== undefined && start.conversation === undefined) {
    throw invalid('edit and regenerate need conversation, the one that the turn belongs to.')
  }
  const last = start.messages?.at(-1)
  if (last !== undefined && last.role !== 'user') {
    throw invalid('The last of messages must be of role user.')
  }
}

export interface OpeningParts {
  readonly store: Store
  readonly own: Owned
  readonly newId: NewId
  /** Turns that a conversation may have. */
  readonly most: number
}

/** Find the place in the conversation, or open a new one. Throws `not_found`, `invalid_request`. */
export async function open(start: Start, parts: OpeningParts): Promise<Opening> {
  const { message, messages, conversation: id } = start
  if (messages !== undefined) return { context: messages, conversation: null, write: () => [] }
  const { store, own, newId, most } = parts
  const { conversations } = store
  const { turns, head } = id === undefined ? NEW : await known(id)
  if (turns.length >= most) throw tooLong()
  const parent = place(start, turns, head)
  const conversation = id ?? newId('cnv')
  const question = message === undefined ? undefined : { id: newId('trn'), content: message }

  async function known(id: string): Promise<Known> {
    const { head } = await own.conversation(id)
    return { turns: await conversations.turns(id), head }
  }

  function begun(at: number): Conversation {
    const title = titleOf(message ?? '')
    return { id: conversation, owner: own.owner, title, createdAt: at, updatedAt: at, head: null }
  }

  return {
    context: [...spoken(branch(turns, parent)), ...(message ? [user(message)] : [])],
    conversation,
    write({ generation, at }) {
      const asked: Turn[] = question ? [{ ...question, parent, role: 'user', at }] : []
      const answer: Turn = {
        id: newId('trn'),
        parent: question?.id ?? parent,
        role: 'assistant',
        content: '',
        at,
        generation,
      }
      return [
        ...(id === undefined ? [conversations.create(begun(at))] : []),
        conversations.add(conversation, [...asked, answer], at),
      ]
    },
  }
}

/** The turn that the new turn answers or follows. */
function place(start: Start, turns: readonly Turn[], head: string | null): string | null {
  const named = start.edit ?? start.regenerate
  if (named === undefined) return head
  const turn = turns.find(({ id }) => id === named)
  if (turn === undefined) throw noTurn()
  if (start.edit !== undefined) {
    if (turn.role !== 'user')
      throw invalid('Only a question can be edited: name a turn of role user.')
    return turn.parent
  }
  return turn.role === 'user' ? turn.id : turn.parent
}

/** What was said on a branch; an answer that failed before its first word says nothing. */
function spoken(turns: readonly Turn[]): Message[] {
  return turns
    .filter(({ content }) => content !== '')
    .map(({ role, content }) => ({ role, content }))
}

const user = (content: string): Message => ({ role: 'user', content })

const invalid = (message: string): ChatError => new ChatError('invalid_request', message)

const tooLong = (): ChatError =>
  new ChatError('too_large', 'This conversation has too many turns. Open a new one.')
