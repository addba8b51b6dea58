/** What a report needs in each language. */
import type { Measure, Server, Transport } from '../run.ts'
import type { Bound, BoundName } from './bounds.ts'
import type { Units } from './format.ts'
import type { Outcome, Topic } from './judges.ts'
import type { Result } from './verdicts.ts'

export type Language = 'en' | 'zh'

/** A figure of both transports, ready to be read; `ratio` is WebSocket over SSE. */
export interface Two {
  readonly sse: string
  readonly websocket: string
  readonly ratio: string
  readonly streams: string
}

/** A row of the article's table. What was measured comes first, then what follows from it. */
export interface Claim extends Readonly<Record<Outcome, string>> {
  readonly title: string
  readonly claim: string
  readonly measured: (of: (measure: Measure) => Two) => string
}

export interface Wording {
  /** Between two sentences. */
  readonly space: string
  /** Between a name and what it is the name of. */
  readonly colon: string
  readonly units: Units
  readonly servers: Readonly<Record<Server, string>>
  readonly transports: Readonly<Record<Transport, string>>
  readonly measures: Readonly<Record<Measure, string>>
  readonly bounds: Readonly<Record<BoundName, string>>
  readonly states: Readonly<Record<Bound['state'], string>>
  readonly outcomes: Readonly<Record<Result, string>>
  readonly topics: Readonly<Record<Topic, Claim>>
  readonly labels: Readonly<Record<Label, string>>
  readonly unmeasured: (measures: readonly string[]) => string
  readonly deflate: (bytes: string, cpu: string) => string
  readonly connections: (http2: string | undefined) => string
}

/** Headings and the words in tables. */
export type Label =
  | 'title'
  | 'about'
  | 'machine'
  | 'pinned'
  | 'unpinned'
  | 'client'
  | 'cores'
  | 'partial'
  | 'options'
  | 'streams'
  | 'rate'
  | 'rounds'
  | 'seconds'
  | 'stores'
  | 'only'
  | 'everything'
  | 'at'
  | 'figures'
  | 'spread'
  | 'figure'
  | 'ratios'
  | 'server'
  | 'transport'
  | 'bounds'
  | 'bound'
  | 'limit'
  | 'measured'
  | 'result'
  | 'article'
  | 'claim'
  | 'verdict'
  | 'reproduce'
  | 'weighed'
