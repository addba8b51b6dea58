/** The list of conversations: (state, what happened to it) → state. */
import type { News, State } from './state.ts'

type Listed = Extract<News, { type: 'listed' }>

/** One more page of the list, or the list anew. */
export function listed(state: State, { conversations, next, after }: Listed): State {
  const before = after === undefined ? [] : state.conversations
  return { ...state, conversations: [...before, ...conversations], more: next }
}

/** A conversation is gone from the list. */
export function removed(state: State, id: string): State {
  const conversations = state.conversations.filter(entry => entry.id !== id)
  return { ...state, conversations, removing: undefined }
}

/** The title that was being typed is the conversation's now; a blank one changes nothing. */
export function retitle(state: State): State {
  const { renaming } = state
  const title = renaming?.text.trim()
  if (!renaming || !title) return { ...state, renaming: undefined }
  const conversations = state.conversations.map(entry =>
    entry.id === renaming.id ? { ...entry, title } : entry,
  )
  return { ...state, conversations, renaming: undefined }
}
