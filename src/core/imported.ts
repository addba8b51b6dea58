import type { Conversation, Turn } from './conversation.ts'
import { ChatError } from './errors.ts'
import type { NewId } from './opening.ts'

/** A turn that comes from outside; its ids only tell the turns of one draft apart. */
export type DraftTurn = Omit<Turn, 'generation' | 'at'> & { readonly at?: number }

/** A conversation that comes from outside, as it was exported. Times are ms since the epoch. */
export interface Draft {
  readonly title: string
  readonly createdAt?: number
  readonly updatedAt?: number
  /** The last turn of the version that is shown; the last of all by default. */
  readonly head?: string
  readonly turns: readonly DraftTurn[]
}

/** What is to be kept of it. */
export interface Imported {
  readonly conversation: Omit<Conversation, 'owner'> & { readonly head: string }
  readonly turns: readonly Turn[]
}

/**
 * Make it one of ours, under ids of our own. Nothing happened later than `now`. Throws
 * `invalid_request`, naming the field, where its turns are no tree of questions and answers.
 */
export function imported(draft: Draft, newId: NewId, now: number): Imported {
  const past = (at: number | undefined): number => Math.min(at ?? now, now)
  const ours = new Map<string, Turn>()
  for (const [i, turn] of draft.turns.entries()) {
    if (ours.has(turn.id)) throw invalid(`turns.${i}.id is the id of a turn before it, too.`)
    const parent = parentOf(turn, ours, `turns.${i}.parent`)
    checkChanges(turn, `turns.${i}.changes`)
    ours.set(turn.id, { ...turn, id: newId('trn'), parent, at: past(turn.at) })
  }
  const head = draft.head ?? draft.turns.at(-1)?.id ?? ''
  const shown = ours.get(head)
  if (shown === undefined) throw invalid('head must be the id of one of the turns.')
  const createdAt = past(draft.createdAt)
  const updatedAt = Math.max(createdAt, past(draft.updatedAt))
  const id = newId('cnv')
  return {
    conversation: { id, title: draft.title, createdAt, updatedAt, head: shown.id },
    turns: [...ours.values()],
  }
}

/** Parents stand before their children, so that nothing goes round in a circle. */
function parentOf(turn: DraftTurn, before: ReadonlyMap<string, Turn>, field: string) {
  const parent = turn.parent === null ? undefined : before.get(turn.parent)
  if (turn.parent !== null && parent === undefined) {
    throw invalid(`${field} must be the id of a turn before it, or null for a first question.`)
  }
  const role = turn.role === 'user' ? 'assistant' : 'user'
  if (parent?.role !== role && !(turn.role === 'user' && parent === undefined)) {
    throw invalid(`${field} must name ${turn.role === 'user' ? 'an answer' : 'a question'}.`)
  }
  return parent?.id ?? null
}

/** Where other settings took over, one place after the other: the text is cut there. */
function checkChanges({ content, changes = [] }: DraftTurn, field: string): void {
  let last = -1
  for (const [i, { offset }] of changes.entries()) {
    if (offset <= last || offset > content.length) {
      throw invalid(`${field}.${i}.offset must be a place in the text, after the one before.`)
    }
    last = offset
  }
}

const invalid = (message: string): ChatError => new ChatError('invalid_request', message)
