import type { Report } from '../../src/bench/report/report.ts'
import type { Connection, Item, Transport } from '../link/link.ts'
import type { Model, Notice } from '../state.ts'
import type { Lane } from './lane.ts'
import type { Round } from './series.ts'

/** A race has two lanes. */
export type At = 0 | 1
export type Both<T> = readonly [T, T]

/** What a lane is sent over, and who answers on it; without a model, the server's choice. */
export interface Entrant {
  readonly transport: Transport
  readonly model: string | undefined
}

/** One prompt on its way, or what became of it. */
export interface Race {
  /** Counts the races; each is drawn anew. */
  readonly number: number
  readonly lanes: Both<Lane>
}

/** `of` races in turn, all with the same prompt and the same entrants. */
export interface Series {
  readonly of: number
  readonly prompt: string
  readonly entrants: Both<Entrant>
  readonly rounds: readonly Both<Round>[]
}

/** The last benchmark of this server, or why it is not here. */
export type Benchmark = Report | 'loading' | 'none' | 'broken' | 'failed'

/** Everything that the race view shows. */
export interface State {
  readonly models: readonly Model[]
  readonly prompt: string
  /** The preset that was chosen last. */
  readonly mode: 'transports' | 'models'
  readonly entrants: Both<Entrant>
  /** Connections are opened before the race, so that none of it is spent on them. */
  readonly warm: boolean
  /** From the start of the first lane, or of what is opened before, to the end of the last. */
  readonly running: boolean
  readonly race: Race | undefined
  readonly series: Series | undefined
  /** The plugs are pulled. */
  readonly cut: boolean
  /** The page's clock in ms, as of the last that happened. */
  readonly now: number
  /** A running race was ended because the person went elsewhere. */
  readonly left: boolean
  readonly report: Benchmark
}

/** What a person wants. */
export type Intent =
  | { readonly type: 'prompt'; readonly text: string }
  | { readonly type: 'mode'; readonly mode: State['mode'] }
  | { readonly type: 'enter'; readonly lane: At; readonly entrant: Partial<Entrant> }
  | { readonly type: 'warm'; readonly warm: boolean }
  | { readonly type: 'swap' }
  | { readonly type: 'start' }
  | { readonly type: 'series' }
  | { readonly type: 'stop'; readonly lane: At | undefined }
  | { readonly type: 'cut' }

/** What happened; `at` is the page's clock in ms, `bytes` what the lane has received by then. */
export type News =
  | { readonly type: 'models'; readonly models: readonly Model[] }
  | { readonly type: 'begun'; readonly of: number }
  | { readonly type: 'lined-up' }
  | { readonly type: 'counted' }
  | { readonly type: 'off'; readonly lane: At; readonly at: number }
  | { readonly type: 'taken'; readonly lane: At; readonly generation: string }
  | (Measured & { readonly type: 'items'; readonly items: readonly Item[] })
  | (Measured & { readonly type: 'connection'; readonly connection: Connection })
  | (Measured & { readonly type: 'lost'; readonly notice: Notice })
  | (Measured & { readonly type: 'given-up' })
  | { readonly type: 'recorded'; readonly lane: At; readonly record: Lane['record'] }
  | { readonly type: 'tick'; readonly at: number }
  | { readonly type: 'mended' }
  | { readonly type: 'over' }
  | { readonly type: 'left' }
  | { readonly type: 'report'; readonly report: Benchmark }

export interface Measured {
  readonly lane: At
  readonly at: number
  readonly bytes: number
}

export type Action = Intent | News
