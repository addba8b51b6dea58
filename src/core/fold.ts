import { type Changed, changed } from './changed.ts'
import type { Params } from './chunk.ts'
import { type Ending, type Event, type Tokens, decode } from './event.ts'
import type { Log } from './log.ts'

/** What a log says in all: the state of a generation is the fold over its events. */
export interface Generation {
  readonly id: string
  readonly conversation: string | null
  readonly status: 'streaming' | 'done' | 'failed'
  readonly model: string
  readonly params: Params
  readonly text: string
  readonly reasoning: string
  /** The last seq that this state includes. */
  readonly seq: number
  /** Ms since the epoch. */
  readonly at: number
  readonly usage?: Tokens
  /** Where other settings took over, in order; absent where none did. */
  readonly changes?: readonly Changed[]
  readonly end?: Ending
}

/** The state after one more event; the first must be `started`. */
export function step(state: Generation | undefined, event: Event): Generation {
  const { seq } = event
  if (event.type === 'started') return begin(event)
  if (state === undefined) throw new Error(`log ${event.generation} does not begin with started`)
  switch (event.type) {
    case 'text':
      return { ...state, seq, text: state.text + event.text }
    case 'reasoning':
      return { ...state, seq, reasoning: state.reasoning + event.text }
    case 'updated':
      return {
        ...state,
        seq,
        model: event.model,
        params: event.params,
        changes: changed(state.changes ?? [], event, state.text),
        ...(event.mode === 'restart' ? { text: '', reasoning: '' } : {}),
      }
    case 'usage': {
      const { input, output, estimated } = event
      return { ...state, seq, usage: { input, output, estimated } }
    }
    case 'done':
    case 'failed': {
      const { generation: _, seq: __, ...end } = event
      return { ...state, seq, status: event.type, end }
    }
    default:
      throw new Error(`unknown event ${(event satisfies never as Event).type}`)
  }
}

function begin(event: Extract<Event, { type: 'started' }>): Generation {
  const { generation: id, seq, conversation, model, params, at } = event
  return { id, conversation, status: 'streaming', model, params, text: '', reasoning: '', seq, at }
}

/** The state of a generation from its whole log; undefined if there is no such log. */
export async function fold(log: Log, id: string): Promise<Generation | undefined> {
  let state: Generation | undefined
  for (;;) {
    const lines = await log.read(id, state?.seq ?? 0)
    if (lines === undefined) return undefined
    if (lines.length === 0) return state
    for (const line of lines) state = step(state, decode(line))
    if (lines.at(-1)?.last === true) return state
  }
}
