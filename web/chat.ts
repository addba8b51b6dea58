/** The page's one truth: (state, what happened) → state. Nothing here waits, asks or draws. */
import { asked, failure, settle, stop, withLive } from './answering.ts'
import { type Params, ask, follow, join } from './live.ts'
import { listed, removed, retitle } from './shelf.ts'
import type {
  Action,
  Choices,
  ConversationWithTurns,
  Intent,
  Model,
  State,
  Tuning,
} from './state.ts'
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
      return { ...state, open: action.id }
    case 'loaded':
      return load(state, action.conversation)
    case 'asked':
      return asked(state, ask({ body: action.body, parent: action.parent }))
    case 'taken':
      return withLive(state, live => ({ ...live, generation: action.generation }))
    case 'items':
      return settle(
        withLive({ ...state, connection: 'connected' }, live => follow(live, action.items)),
      )
    case 'connection':
      return { ...state, connection: action.connection }
    case 'lost':
      return settle(withLive(state, live => ({ ...live, end: failure(action.notice) })))
    case 'notice':
      return withLive({ ...state, notice: action.notice }, live => ({ ...live, stopping: false }))
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
      return choose(state, { params: tune(state.choices.params, intent.params) })
    case 'panel':
      return { ...state, panel: state.panel === intent.panel ? 'none' : intent.panel }
    case 'pin':
      return { ...state, pinned: intent.pinned }
    case 'copy':
      return { ...state, copied: intent.turn }
    case 'dismiss':
      return { ...state, notice: undefined }
    case 'stop':
      return stop(state)
    case 'apply':
      return withLive(state, live => ({ ...live, tuned: false }))
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
    case 'regenerate':
    case 'more':
    case 'key':
      // What these change is said by the server.
      return state
    default:
      return intent satisfies never
  }
}

function choose(state: State, changed: Partial<Choices>): State {
  const next = { ...state, choices: { ...state.choices, ...changed } }
  const tuned = changed.model !== undefined || changed.params !== undefined
  return tuned ? withLive(next, live => ({ ...live, tuned })) : next
}

const tune = (params: Params, tuning: Tuning): Params =>
  Object.fromEntries(
    Object.entries({ ...params, ...tuning }).filter(([, value]) => value !== undefined),
  )

function open(state: State, id: string | undefined): State {
  // A question that no server could take yet is not left behind.
  const left = state.connection === 'connected' ? state : stop(state)
  return {
    ...left,
    open: id,
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
export const chosen = ({ choices, models }: State): string | undefined =>
  pick(models, choices.model)

/** The wanted model while it is ready, else the server's choice. */
export function pick(models: readonly Model[], wanted: string | undefined): string | undefined {
  const ready = models.filter(model => model.ready)
  const found = ready.find(({ id }) => id === wanted) ?? ready.find(model => model.preferred)
  return (found ?? ready[0])?.id
}

/** Settings were changed since the answer began, and could be applied to it. */
export const differs = ({ live }: State): boolean =>
  live?.tuned === true && !live.end && live.generation !== undefined
