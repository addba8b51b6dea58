/** The one answer that is being written here: (state, what happened to it) → state. */
import { whole } from './growing.ts'
import type { End, Live } from './live.ts'
import type { State, Turn } from './state.ts'

/** Change the live answer, where there is one. */
export const withLive = (state: State, change: (live: Live) => Live): State =>
  state.live ? { ...state, live: change(state.live) } : state

/** A question is on its way to the server. */
export function asked(state: State, live: Live): State {
  const sent = live.asked?.body.message === state.draft.trim()
  const draft = sent ? '' : state.draft
  return {
    ...state,
    live,
    draft,
    editing: undefined,
    notice: undefined,
    connection: 'connected',
    pinned: true,
  }
}

/** An answer that nobody has begun yet is given up: what was asked is a draft again. */
export function stop(state: State): State {
  const { live, draft } = state
  if (!live || live.end) return state
  if (live.generation !== undefined) return { ...state, live: { ...live, stopping: true } }
  const { message = '', edit } = live.asked?.body ?? {}
  const left = { ...state, live: undefined, connection: 'connected' as const }
  if (edit !== undefined) return { ...left, editing: { id: edit, text: message } }
  return { ...left, draft: [message, draft].filter(Boolean).join('\n\n') }
}

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
    turns: turns.map(other => (other === turn ? settled : other)),
  }
}

function written(turn: Turn, live: Live, end: End): Turn {
  const { text, reasoning, params } = live
  return {
    ...turn,
    content: whole(text),
    reasoning: whole(reasoning),
    params,
    end,
    ...(live.model && { model: live.model }),
  }
}

/** How an answer ends that the link gave up. */
export const failure = ({ code, message }: { code: string; message: string }): End =>
  // The server's codes are a closed list; the link's own (`unreachable`) is shown like one of them.
  ({ type: 'failed', code, message, retryable: true }) as End
