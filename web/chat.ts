/** The page's one truth: (state, what happened) → state. Nothing here waits, asks or draws. */
import { asked, heard, leave, lost, settle, stop, told, withLive } from './answering.ts'
import { interrupted, join } from './live.ts'
import { choose, named, ready, settingsOf, tune } from './settings.ts'
import { found, gone, listed, merge, recall, shelve } from './shelf.ts'
import type { Action, Choices, ConversationWithTurns, Intent, State } from './state.ts'
import { leaf } from './tree.ts'
import { rewire, wired } from './wire.ts'

export function initial(choices: Choices, signed = false, at = 0): State {
  return {
    choices,
    keyed: undefined,
    signed,
    place: 'chat',
    connection: 'connected',
    wire: wired(at),
    models: [],
    importBytes: undefined,
    conversations: [],
    listedAt: 0,
    more: undefined,
    open: undefined,
    loading: false,
    turns: [],
    head: null,
    live: undefined,
    heard: undefined,
    draft: '',
    drafts: {},
    settings: {},
    mistakes: {},
    figures: {},
    folds: {},
    again: undefined,
    editing: undefined,
    renaming: undefined,
    search: undefined,
    bin: [],
    imported: undefined,
    menu: undefined,
    dropping: false,
    notice: undefined,
    copied: undefined,
    panel: 'none',
    pinned: true,
  }
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'models':
      return { ...state, models: action.models, importBytes: action.limits?.importBytes }
    case 'listed':
      return listed(state, action)
    case 'found':
      return found(state, action)
    case 'gone':
      return gone(state, action.id)
    case 'returned':
      return recall(state, action.id)
    case 'imported':
      return { ...state, imported: action.imported }
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
    case 'wire':
      return rewire(state, action.change)
    case 'slept':
      return withLive(state, interrupted)
    case 'lost':
      return lost(state, action)
    case 'vacated':
      return vacated(state, action.id)
    case 'locked':
      return { ...state, keyed: action.notice, notice: { ...action.notice, code: 'unauthorized' } }
    case 'copied':
      return { ...state, copied: action.turn }
    case 'notice': {
      const still = { stopping: false, applying: false }
      return withLive(notify(state, action.notice), live => ({ ...live, ...still }))
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
    case 'choose':
      return choose(state, intent.choices)
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
      return { ...open(recall(state, intent.id), intent.id), place: 'chat' }
    case 'race':
      return { ...state, place: 'race', panel: 'none' }
    case 'delete':
      return intent.id === state.open ? close(shelve(state, intent)) : shelve(state, intent)
    case 'rename':
    case 'retitle':
    case 'menu':
    case 'search':
    case 'undelete':
    case 'purge':
    case 'export':
    case 'import':
    case 'dropping':
      return shelve(state, intent)
    case 'key':
    case 'linger':
    case 'send':
    case 'resend':
    case 'retry':
    case 'copy':
    case 'regenerate':
    case 'more':
    case 'leave':
    case 'plug':
    case 'focus':
      // What these change is said by the server, if anything, or by the browser.
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
    heard: undefined,
    editing: undefined,
    notice: undefined,
    connection: 'connected',
    pinned: true,
    panel: state.panel === 'list' ? 'none' : state.panel,
  }
}

/** What was typed in a conversation that is there no more is typed in a new one. */
function vacated(state: State, id: string): State {
  const { [id]: text = '', ...drafts } = leave(state).drafts
  const left = open(state, undefined)
  return { ...left, drafts, draft: [text, left.draft].filter(Boolean).join('\n\n') }
}

/** A list that lies over the page would hide it. */
const notify = (state: State, notice: State['notice']): State => ({
  ...state,
  notice,
  panel: notice && state.panel === 'list' ? 'none' : state.panel,
})

/** Nothing is shown any more; a list that lies over the page stays. */
const close = (state: State): State => ({ ...open(state, undefined), panel: state.panel })

/** A conversation as the server has it; an answer that is still being written is joined. */
function load(state: State, conversation: ConversationWithTurns): State {
  const { turns, ...listed } = conversation
  const { id, head } = listed
  const writing = turns.findLast(turn => turn.generation !== undefined && !turn.end)
  const live = state.live ?? (writing && join(writing))
  const conversations = merge([listed], state.conversations)
  const notice = state.notice?.code === 'unreachable' ? undefined : state.notice
  return settle({ ...state, conversations, open: id, loading: false, turns, head, live, notice })
}

/** An answer is being written here; nothing else can be asked meanwhile. */
export const busy = ({ live }: State): boolean => live !== undefined && live.end === undefined

/** The server wants a key first: until it has one, nothing can be asked. */
export const locked = ({ notice }: State): boolean => notice?.code === 'unauthorized'

/** The model that answers next: the chosen one while it is ready, else the server's choice. */
export const chosen = (state: State): string | undefined =>
  ready(state.models, settingsOf(state).model)
