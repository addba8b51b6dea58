/** What single keys do outside of fields: a table, and what of it suits the state. */
import { busy } from './chat.ts'
import { shown as listed } from './shelf.ts'
import type { Choices, Intent, State } from './state.ts'
import { transcript } from './transcript.ts'
import type { Words } from './words/words.ts'

export interface Stroke {
  readonly name: keyof Words['strokes']
  readonly key: string
  /** It is about the conversation, and means nothing where that is not shown. */
  readonly chat?: true
  /** Nothing, where there is nothing to do it with. */
  does(state: State, room: Room): readonly Intent[]
}

/** On a narrow page the list lies over the rest; on a wide one it stands beside it. */
export type Room = 'narrow' | 'wide'

export const strokes: readonly Stroke[] = [
  { name: 'message', key: '/', chat: true, does: () => [{ type: 'focus', on: 'message' }] },
  { name: 'newChat', key: 'n', does: () => [{ type: 'open', id: undefined }] },
  { name: 'next', key: 'j', does: state => beside(state, 1) },
  { name: 'previous', key: 'k', does: state => beside(state, -1) },
  { name: 'search', key: 's', does: (state, room) => [...shown(state, room), search] },
  { name: 'edit', key: 'e', chat: true, does: edit },
  { name: 'regenerate', key: 'r', chat: true, does: regenerate },
  { name: 'copy', key: 'c', chat: true, does: copy },
  { name: 'latest', key: 'l', chat: true, does: () => [{ type: 'pin', pinned: true }] },
  { name: 'list', key: 'b', does: (state, room) => [folding(state, room)] },
  { name: 'settings', key: ',', does: () => [{ type: 'panel', panel: 'settings' }] },
  { name: 'transport', key: 't', chat: true, does: other },
  { name: 'plug', key: 'p', chat: true, does: () => [{ type: 'plug' }] },
  { name: 'sheet', key: '?', does: () => [{ type: 'panel', panel: 'keys' }] },
]

const search: Intent = { type: 'focus', on: 'search' }

/** Show the list of conversations, or hide it. */
export function folding({ choices }: State, room: Room): Intent {
  if (room === 'narrow') return { type: 'panel', panel: 'list' }
  return choose({ folded: choices.folded !== true })
}

const shown = (state: State, room: Room): readonly Intent[] =>
  room === 'wide' && state.choices.folded !== true ? [] : [folding(state, room)]

const choose = (choices: Partial<Choices>): Intent => ({ type: 'choose', choices })

/** The conversation so far down the list from the one that is open. */
function beside(state: State, by: number): readonly Intent[] {
  const list = listed(state)
  const at = list.findIndex(({ id }) => id === state.open)
  const id = list[at + by]?.id
  return id === undefined ? [] : [{ type: 'open', id }]
}

function edit(state: State): readonly Intent[] {
  const turn = transcript(state).findLast(({ turn }) => turn.role === 'user')?.turn
  if (busy(state) || !turn?.id) return []
  return [{ type: 'edit', edit: { id: turn.id, text: turn.content, byKey: true } }]
}

function regenerate(state: State): readonly Intent[] {
  const turn = transcript(state).at(-1)?.turn
  if (busy(state) || turn?.role !== 'assistant' || turn.id === '') return []
  return [{ type: 'regenerate', turn: turn.id }]
}

function copy(state: State): readonly Intent[] {
  const last = transcript(state).findLast(({ turn }) => turn.role === 'assistant')
  const text = last?.live?.text ?? last?.turn.content ?? ''
  return last === undefined || text === '' ? [] : [{ type: 'copy', turn: last.turn.id, text }]
}

function other({ choices }: State): readonly Intent[] {
  return [choose({ transport: choices.transport === 'sse' ? 'websocket' : 'sse' })]
}
