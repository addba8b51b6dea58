import type { Event } from '../src/transports/wire.ts'
import type { Turn } from '../src/transports/views.ts'
import { type Growing, blank as noText, grow } from './growing.ts'
import type { Connection, Item, StartBody } from './link/link.ts'

export type End = NonNullable<Turn['end']>
export type Params = Extract<Event, { type: 'started' }>['params']

/** What was asked, as long as the server has no turn for it. */
export interface Asked {
  readonly body: StartBody
  /** The last turn before the question; null at the start of a conversation. */
  readonly parent: string | null
}

/** The answer that is being written: the fold over its events, and the cursor behind them. */
export interface Live {
  readonly asked: Asked | undefined
  /** Unknown until the server has taken the question. */
  readonly generation: string | undefined
  readonly seq: number
  readonly text: Growing
  readonly reasoning: Growing
  readonly model: string | undefined
  readonly params: Params
  readonly stopping: boolean
  /** Settings were changed since it began. */
  readonly tuned: boolean
  readonly end: End | undefined
}

const blank: Live = {
  asked: undefined,
  generation: undefined,
  seq: 0,
  text: noText,
  reasoning: noText,
  model: undefined,
  params: {},
  stopping: false,
  tuned: false,
  end: undefined,
}

/** An answer that was just asked for. */
export const ask = (asked: Asked): Live => ({
  ...blank,
  asked,
  model: asked.body.model,
  params: asked.body.params ?? {},
})

/** An answer that somebody else, or this page before a reload, asked for. */
export const join = (turn: Turn): Live => ({
  ...blank,
  generation: turn.generation,
  model: turn.model,
  params: turn.params ?? {},
})

/** The answer after what came together. Joined pieces are added once, not one by one. */
export const follow = (live: Live, items: readonly Item[]): Live => items.reduce(step, live)

function step(live: Live, item: Item): Live {
  const { seq } = item
  switch (item.type) {
    case 'reset':
      return { ...live, seq, text: noText, reasoning: noText }
    case 'started':
      return { ...live, seq, model: item.model, params: item.params }
    case 'text':
      return { ...live, seq, text: grow(live.text, item.text) }
    case 'reasoning':
      return { ...live, seq, reasoning: grow(live.reasoning, item.text) }
    case 'updated': {
      const text = item.mode === 'restart' ? { text: noText, reasoning: noText } : {}
      return { ...live, seq, model: item.model, params: item.params, ...text }
    }
    case 'usage':
      return { ...live, seq }
    case 'done':
    case 'failed': {
      const { generation: _, seq: __, ...end } = item
      return { ...live, seq, end }
    }
    default:
      // A newer server may say more than this page knows: the number still counts.
      item satisfies never
      return { ...live, seq }
  }
}

export type Phase = 'connecting' | 'thinking' | 'answering' | 'stopping' | 'ended'

/** What the answer is doing now, as far as its events tell. */
export function phaseOf(live: Live): Phase {
  if (live.end) return 'ended'
  if (live.stopping) return 'stopping'
  if (live.seq === 0) return 'connecting'
  return live.text.length === 0 ? 'thinking' : 'answering'
}

/** The same where the connection is known. What was never begun is not resumed: its server is not there. */
export function doingOf(live: Live, connection: Connection): Phase | 'resuming' | 'offline' {
  const phase = phaseOf(live)
  if (phase === 'ended' || connection === 'connected') return phase
  return live.generation === undefined ? 'offline' : connection
}
