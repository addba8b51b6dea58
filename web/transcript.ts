import type { Live } from './live.ts'
import type { State, Turn } from './state.ts'
import { branch } from './tree.ts'

/** One line of the transcript. `live` is set where the text is still on its way. */
export interface Shown {
  readonly key: string
  readonly turn: Turn
  readonly live: Live | undefined
}

/** What the transcript shows: the branch up to the head, and what was asked but is not in it yet. */
export function transcript({ turns, head, live }: State): readonly Shown[] {
  const known =
    live?.generation !== undefined && turns.some(turn => turn.generation === live.generation)
  if (!live || known) return branch(turns, head).map(turn => shown(turn, live))
  const { asked } = live
  if (!asked) return branch(turns, head).map(turn => shown(turn, undefined))
  const before = branch(turns, asked.parent).map(turn => shown(turn, undefined))
  const answer = shown(draftTurn('assistant', ''), live)
  if (asked.body.message === undefined) return [...before, answer]
  return [...before, shown(draftTurn('user', asked.body.message), undefined), answer]
}

function shown(turn: Turn, live: Live | undefined): Shown {
  const own = turn.role === 'assistant' && (turn.id === '' || turn.generation === live?.generation)
  const key = turn.generation ?? (own ? live?.generation : undefined) ?? (turn.id || turn.role)
  return { key, turn, live: own ? live : undefined }
}

const draftTurn = (role: 'user' | 'assistant', content: string): Turn => ({
  id: '',
  parent: null,
  role,
  content,
  at: 0,
})
