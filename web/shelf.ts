/** The list of conversations: (state, what happened to it) → state. */
import type { Binned, Conversation, Intent, News, Search, State } from './state.ts'

type Told<T extends News['type']> = Extract<News, { type: T }>

/** What a person does to the list. */
type ShelfIntent = Extract<
  Intent,
  {
    type:
      | 'rename'
      | 'retitle'
      | 'menu'
      | 'search'
      | 'delete'
      | 'undelete'
      | 'purge'
      | 'export'
      | 'import'
      | 'dropping'
  }
>

export function shelve(state: State, intent: ShelfIntent): State {
  switch (intent.type) {
    case 'rename':
      return { ...state, renaming: intent.edit, menu: undefined }
    case 'retitle':
      return retitle(state)
    case 'menu':
      return { ...state, menu: intent.id }
    case 'search':
      return { ...state, search: seek(state, intent.text) }
    case 'delete':
      return discard(state, intent.id)
    case 'undelete':
      return recall(state, keptOf(state)?.id)
    case 'purge':
      return purge(state)
    case 'export':
      return { ...state, menu: undefined }
    case 'import':
      return { ...state, dropping: false }
    case 'dropping':
      return { ...state, dropping: intent.over }
    default:
      return intent satisfies never
  }
}

/** One more page of the list, or its first anew: what was loaded beyond that stays. */
export function listed(state: State, { conversations, next, after, at }: Told<'listed'>): State {
  if (after !== undefined) {
    return { ...state, conversations: merge(conversations, state.conversations), more: next }
  }
  const last = conversations.at(-1)
  const beyond = state.conversations.filter(
    old => next !== undefined && last !== undefined && newestFirst(last, old) < 0,
  )
  // One that was opened by its address may stand there before any list came.
  const more = beyond.length > 0 && state.listedAt > 0 ? state.more : next
  return { ...state, conversations: merge(conversations, beyond), more, listedAt: at }
}

/** Both in one list, newest first; where both have one, the first knows it better. */
export function merge(
  fresh: readonly Conversation[],
  known: readonly Conversation[],
): readonly Conversation[] {
  const all = new Map([...known, ...fresh].map(conversation => [conversation.id, conversation]))
  return [...all.values()].sort(newestFirst)
}

const newestFirst = (a: Conversation, b: Conversation): number =>
  b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)

/** A search that begins; what was found before is shown until there is something better. */
function seek({ search }: State, text: string): Search | undefined {
  if (text === '') return undefined
  const blank = text.trim() === ''
  return {
    text,
    found: blank ? [] : (search?.found ?? []),
    next: undefined,
    doing: blank ? 'paused' : 'searching',
  }
}

/** A page of what was searched for; one for another text came too late. */
export function found(state: State, news: Told<'found'>): State {
  const { search } = state
  if (search?.text !== news.text) return state
  const before = news.after === undefined ? [] : search.found
  const { next, doing } = news
  return { ...state, search: { ...search, found: merge(news.conversations, before), next, doing } }
}

/** The conversation that can be brought back. */
export const keptOf = ({ bin }: State): Binned | undefined => bin.find(({ kept }) => kept)

/** It is shown no more, and can be brought back; the one before it cannot any longer. */
function discard(state: State, id: string): State {
  const all = [...state.conversations, ...(state.search?.found ?? [])]
  const title = all.find(conversation => conversation.id === id)?.title ?? ''
  const binned = { id, title, open: state.open === id, kept: true }
  return { ...state, bin: [...purge(state).bin, binned], menu: undefined }
}

const purge = (state: State): State => ({
  ...state,
  bin: state.bin.map(binned => ({ ...binned, kept: false })),
})

/** It is shown again, where it was. */
export const recall = (state: State, id: string | undefined): State => ({
  ...state,
  bin: state.bin.filter(binned => binned.id !== id),
})

/** It is gone for good. */
export function gone(state: State, id: string): State {
  const without = (list: readonly Conversation[]): Conversation[] =>
    list.filter(conversation => conversation.id !== id)
  const { search, conversations } = recall(state, id)
  return {
    ...recall(state, id),
    conversations: without(conversations),
    search: search && { ...search, found: without(search.found) },
  }
}

/** The search, where something is searched for. */
export const searched = ({ search }: State): Search | undefined =>
  search?.text.trim() ? search : undefined

/** What the list shows: all, or what is found of it, but for what is deleted. */
export function shown(state: State): readonly Conversation[] {
  const away = new Set(state.bin.map(({ id }) => id))
  const list = searched(state)?.found ?? state.conversations
  return list.filter(({ id }) => !away.has(id))
}

/** The title that was being typed is the conversation's now; a blank one changes nothing. */
function retitle(state: State): State {
  const { renaming, search } = state
  const title = renaming?.text.trim()
  if (!renaming || !title) return { ...state, renaming: undefined }
  const named = (list: readonly Conversation[]): Conversation[] =>
    list.map(entry => (entry.id === renaming.id ? { ...entry, title } : entry))
  return {
    ...state,
    conversations: named(state.conversations),
    search: search && { ...search, found: named(search.found) },
    renaming: undefined,
  }
}
