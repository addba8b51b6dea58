/** The one answer that is being written here: (state, what happened to it) → state. */
import { figuresOf, MOST_FIGURES } from './figures.ts'
import { latest } from './kept.ts'
import { type End, type Live, ask, follow, interrupted } from './live.ts'
import { used } from './settings.ts'
import type { News, Notice, State, Turn } from './state.ts'

type Asked = Extract<News, { type: 'asked' }>
type Items = Extract<News, { type: 'items' }>
type Told = Extract<News, { type: 'connection' }>
type Lost = Extract<News, { type: 'lost' }>

/** Change the live answer, where there is one. */
export const withLive = (state: State, change: (live: Live) => Live): State =>
  state.live ? { ...state, live: change(state.live) } : state

/** A question is on its way to the server. */
export function asked(state: State, { body, parent, at }: Asked): State {
  const { message } = body
  const draft = message === state.draft.trim() ? '' : state.draft
  // Another question that was refused, and is not asked now, is not lost either.
  const refused = unsaid(state)
  return {
    ...state,
    live: ask({ body, parent }, at),
    heard: undefined,
    draft: refused === undefined || refused === message ? draft : joined(refused, draft),
    editing: undefined,
    notice: undefined,
    connection: state.wire.reached ? 'connected' : 'offline',
    pinned: true,
  }
}

/** Items of the answer came. */
export function heard(state: State, { items, at }: Items): State {
  const next = withLive({ ...state, connection: 'connected' }, live => follow(live, items, at))
  return settle(again(measured(used(next)), at))
}

/** When the server would take the question again, where it said so. */
function again(state: State, at: number | undefined): State {
  const { generation, end } = state.live ?? {}
  if (end?.type !== 'failed' || end.retryAfter === undefined || at === undefined) return state
  return { ...state, again: { key: generation ?? '', at: at + end.retryAfter * 1000 } }
}

/** What is known of the answer by now is remembered, at its first piece and at its end. */
function measured(state: State): State {
  const { live, figures } = state
  const { generation } = live ?? {}
  if (!live || generation === undefined) return state
  const known = figures[generation]
  if (!live.end && (known?.first !== undefined || live.pace.first === undefined)) return state
  const { first, ...rest } = figuresOf(live.pace, live.usage)
  const now = { ...known, ...(first !== undefined && { first }), ...(live.end && rest) }
  return { ...state, figures: latest({ ...figures, [generation]: now }, MOST_FIGURES) }
}

/** Its connection is another one now, or the server asked to wait with the question. */
export function told(state: State, { connection, waiting }: Told): State {
  // Nobody is away who pulled the plug himself: it is back in a moment.
  const said = state.wire.pulled && connection === 'offline' ? 'resuming' : connection
  return withLive({ ...state, connection: said }, live => {
    const now = { ...live, waiting }
    return connection === 'connected' ? now : interrupted(now)
  })
}

/** The link gave it up. */
export function lost(state: State, { notice, at }: Lost): State {
  const end = failure(notice)
  // The page then asks for the key.
  const keyless = notice.code === 'unauthorized' ? { ...state, notice } : state
  const ended = withLive(keyless, live => ({ ...live, end, waiting: undefined }))
  return settle(again(ended, at))
}

/** How an answer ends that the link gave up: its own code (`unreachable`) is shown like the server's. */
export const failure = (why: Notice): End => ({ type: 'failed', ...why, retryable: true }) as End

/** The question of an answer that no server has begun: nobody else knows it. */
const unsaid = ({ live }: State): string | undefined =>
  live && live.generation === undefined ? live.asked?.body.message : undefined

/** An answer that nobody has begun is given up: what was asked is a draft again. */
export function stop(state: State): State {
  const { live } = state
  if (!live) return state
  if (live.generation === undefined) return takeBack(state)
  return live.end ? state : { ...state, live: { ...live, stopping: true } }
}

function takeBack(state: State): State {
  const edit = state.live?.asked?.body.edit
  const text = unsaid(state) ?? ''
  const left = { ...state, live: undefined, connection: 'connected' as const }
  if (edit !== undefined) return { ...left, editing: { id: edit, text } }
  return { ...left, draft: joined(text, state.draft) }
}

/** The page goes to another conversation: what was typed or not taken here stays here. */
export function leave(state: State): State {
  const { drafts, open, editing, turns } = state
  const edited = editing && turns.every(({ content }) => content !== editing.text)
  const text = joined(unsaid(state) ?? '', edited ? editing.text : '', state.draft)
  return { ...state, drafts: { ...drafts, [open ?? '']: text } }
}

const joined = (...texts: readonly string[]): string => texts.filter(Boolean).join('\n\n')

/** Once an answer has ended and its turn is known, the turn holds it. */
export function settle(state: State): State {
  const { live, turns } = state
  if (!live?.end) return state
  const turn = turns.find(({ generation }) => generation && generation === live.generation)
  if (!turn) return state
  const settled = written(turn, live, live.end)
  return {
    ...state,
    live: undefined,
    heard: live,
    turns: turns.map(other => (other === turn ? settled : other)),
  }
}

function written(turn: Turn, live: Live, end: End): Turn {
  const { text, reasoning, params, model, usage, changes } = live
  return {
    ...turn,
    content: text,
    reasoning,
    params,
    end,
    ...(model && { model }),
    ...(usage && { usage }),
    ...(changes.length > 0 && { changes: [...changes] }),
  }
}
