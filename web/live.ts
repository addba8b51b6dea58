import type { Event } from '../src/transports/wire.ts'
import type { Turn } from '../src/transports/views.ts'
import type { Usage } from './figures.ts'
import type { Connection, Item, StartBody } from './link/link.ts'
import { type Pace, begin, hear, interrupt } from './pace.ts'
import { type Changed, changed } from './parts.ts'

export type End = NonNullable<Turn['end']>
export type Params = Extract<Event, { type: 'started' }>['params']

/** What was asked, as long as the server has no turn for it. */
export interface Asked {
  readonly body: StartBody
  /** The last turn before the question; null at the start of a conversation. */
  readonly parent: string | null
}

/** Why the server has not taken a question yet, and when (`performance.now()`) it is asked again. */
export interface Waiting {
  readonly code: string
  readonly until: number
}

/** The answer that is being written: the fold over its events, and the cursor behind them. */
export interface Live {
  readonly asked: Asked | undefined
  /** Unknown until the server has taken the question. */
  readonly generation: string | undefined
  readonly waiting: Waiting | undefined
  readonly seq: number
  readonly text: string
  readonly reasoning: string
  /** What the model says now; undefined until one that was asked has begun. */
  readonly saying: 'text' | 'reasoning' | undefined
  readonly model: string | undefined
  readonly params: Params
  /** Where other settings took over. */
  readonly changes: readonly Changed[]
  readonly usage: Usage | undefined
  readonly stopping: boolean
  /** Other settings are on their way to it. */
  readonly applying: boolean
  readonly pace: Pace
  readonly end: End | undefined
}

const blank: Live = {
  asked: undefined,
  generation: undefined,
  waiting: undefined,
  seq: 0,
  text: '',
  reasoning: '',
  saying: undefined,
  model: undefined,
  params: {},
  changes: [],
  usage: undefined,
  stopping: false,
  applying: false,
  pace: begin(undefined),
  end: undefined,
}

/** An answer that was just asked for; without the time nothing of it is measured. */
export const ask = (asked: Asked, at?: number): Live => ({
  ...blank,
  asked,
  model: asked.body.model,
  params: asked.body.params ?? {},
  pace: begin(at),
})

/** An answer that somebody else, or this page before a reload, asked for. */
export const join = (turn: Turn): Live => ({
  ...blank,
  generation: turn.generation,
  model: turn.model,
  params: turn.params ?? {},
})

/** The answer after what came together, at that time. */
export function follow(live: Live, items: readonly Item[], at?: number): Live {
  const next = items.reduce(step, live)
  return at === undefined ? next : { ...next, pace: hear(live.pace, items, at) }
}

function step(live: Live, item: Item): Live {
  const { seq } = item
  switch (item.type) {
    case 'reset':
      return { ...live, seq, text: '', reasoning: '', saying: undefined, changes: [] }
    case 'started':
      return { ...live, seq, model: item.model, params: item.params }
    case 'text':
      return { ...live, seq, saying: 'text', text: live.text + item.text }
    case 'reasoning':
      return { ...live, seq, saying: 'reasoning', reasoning: live.reasoning + item.text }
    case 'updated':
      return update({ ...live, seq }, item)
    case 'usage': {
      const { input, output, estimated } = item
      return { ...live, seq, usage: { input, output, estimated } }
    }
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

function update(live: Live, item: Extract<Item, { type: 'updated' }>): Live {
  const { model, params, mode } = item
  const changes = changed(live.changes, item, live.text)
  const kept = mode === 'restart' ? { text: '', reasoning: '' } : {}
  return { ...live, ...kept, model, params, changes, saying: undefined, applying: false }
}

/** Its connection was lost, or the page stood still: what comes next may have come late. */
export const interrupted = (live: Live): Live =>
  live.generation === undefined ? live : { ...live, pace: interrupt(live.pace) }

type Phase = 'queued' | 'connecting' | 'thinking' | 'answering' | 'stopping' | 'ended'

/** What the answer is doing now, as far as its events tell. */
export function phaseOf(live: Live): Phase {
  if (live.end) return 'ended'
  if (live.stopping) return 'stopping'
  if (live.generation === undefined) return 'queued'
  if (live.saying === undefined) return 'connecting'
  return live.saying === 'text' ? 'answering' : 'thinking'
}

/** The same where the connection is known. What was never begun is not resumed: its server is not there. */
export function doingOf(live: Live, connection: Connection): Phase | 'resuming' | 'offline' {
  const phase = phaseOf(live)
  if (phase === 'ended' || connection === 'connected') return phase
  return live.generation === undefined ? 'offline' : connection
}
