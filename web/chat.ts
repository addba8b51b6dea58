/** The page's one truth: (state, what happened) → state. Nothing here waits, asks or draws. */
import { asked, heard, leave, lost, settle, stop, told, withLive } from './answering.ts'
import { interrupted, join } from './live.ts'
import { choose, named, ready, settingsOf, tune } from './settings.ts'
import { listed, removed, retitle } from './shelf.ts'
import type { Action, Choices, ConversationWithTurns, Intent, State } from './state.ts'
import { leaf } from './tree.ts'

export function initial(choices: Choices, keyed = false): State {
  return {
    choices,
    keyed,
    place: 'chat',
    connection: 'connected',
    models: [],
    conversations: [],
    more: undefined,
    open: undefined,
    loading: false,
    turns: [],
    head: null,
    live: undefined,
    draft: '',
    drafts: {},
    settings: {},
    mistakes: {},
    figures: {},
    folds: {},
    again: undefined,
    editing: undefined,
    renaming: undefined,
    removing: undefined,
    notice: undefined,
    copied: undefined,
    panel: 'none',
    pinned: true,
  }
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'models':
      return { ...state, models: action.models }
    case 'listed':
      return listed(state, action)
    case 'opened':
      return named(state, action.id)
    case 'loaded':
      return load(state, action.conversation)
    case 'asked':
      return asked(state, action)
    case 'taken':
      return withLive(state, live => ({ ...live, generation: action.generation }))
    case 'items':
      return heard(state, action)
    case 'connection':
      return told(state, action)
    case 'slept':
      return withLive(state, interrupted)
    case 'lost':
      return lost(state, action)
    case 'gone':
      return gone(state, action.id)
    case 'copied':
      return { ...state, copied: action.turn }
    case 'notice': {
      const still = { stopping: false, applying: false }
      return withLive({ ...state, notice: action.notice }, live => ({ ...live, ...still }))
    }
    default:
      return intend(state, action)
  }
}

function intend(state: State, intent: Intent): State {
  switch (intent.type) {
    case 'draft':
      return { ...state, draft: intent.text }
    case 'edit':
      return { ...state, editing: intent.edit }
    case 'rename':
      return { ...state, renaming: intent.edit }
    case 'choose':
      return choose(state, intent.choices)
    case 'remove':
      return { ...state, removing: intent.id }
    case 'tune':
      return tune(state, intent.params)
    case 'mistake':
      return { ...state, mistakes: { ...state.mistakes, [intent.field]: intent.text } }
    case 'reset':
      return { ...choose(state, { params: {} }), mistakes: {} }
    case 'fold':
      return { ...state, folds: { ...state.folds, [intent.key]: intent.open } }
    case 'panel':
      return { ...state, panel: state.panel === intent.panel ? 'none' : intent.panel }
    case 'pin':
      return { ...state, pinned: intent.pinned }
    case 'dismiss':
      return { ...state, notice: undefined }
    case 'stop':
      return stop(state)
    case 'apply':
      return withLive(state, live => ({ ...live, applying: true }))
    case 'version':
      return { ...state, head: leaf(state.turns, intent.turn) }
    case 'open':
      return { ...open(state, intent.id), place: 'chat' }
    case 'race':
      return { ...state, place: 'race', panel: 'none' }
    case 'retitle':
      return retitle(state)
    case 'delete':
      return removed(intent.id === state.open ? open(state, undefined) : state, intent.id)
    case 'send':
    case 'resend':
    case 'retry':
    case 'copy':
    case 'regenerate':
    case 'more':
    case 'key':
      // What these change is said by the server.
      return state
    default:
      return intent satisfies never
  }
}

function open(state: State, id: string | undefined): State {
  const left = leave(state)
  return {
    ...left,
    open: id,
    draft: left.drafts[id ?? ''] ?? '',
    mistakes: {},
    loading: id !== undefined,
    turns: [],
    head: null,
    live: undefined,
    editing: undefined,
    notice: undefined,
    connection: 'connected',
    pinned: true,
    panel: state.panel === 'list' ? 'none' : state.panel,
  }
}

/** What was typed in a conversation that is there no more is typed in a new one. */
function gone(state: State, id: string): State {
  const { [id]: text = '', ...drafts } = leave(state).drafts
  const left = open(state, undefined)
  return { ...left, drafts, draft: [text, left.draft].filter(Boolean).join('\n\n') }
}

/** A conversation as the server has it; an answer that is still being written is joined. */
function load(state: State, conversation: ConversationWithTurns): State {
  const { id, head, turns, title } = conversation
  const writing = turns.findLast(turn => turn.generation !== undefined && !turn.end)
  const live = state.live ?? (writing && join(writing))
  const conversations = state.conversations.map(entry =>
    entry.id === id ? { ...entry, title } : entry,
  )
  const notice = state.notice?.code === 'unreachable' ? undefined : state.notice
  return settle({ ...state, conversations, open: id, loading: false, turns, head, live, notice })
}

/** An answer is being written here; nothing else can be asked meanwhile. */
export const busy = ({ live }: State): boolean => live !== undefined && live.end === undefined

/** The model that answers next: the chosen one while it is ready, else the server's choice. */
export const chosen = (state: State): string | undefined =>
  ready(state.models, settingsOf(state).model)
