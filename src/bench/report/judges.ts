/** When a claim is confirmed, when it is refuted, and which figures it takes to say so. */
import type { Measure } from '../run.ts'
import type { Pair } from './lookup.ts'
import type { Statistic } from './report.ts'
import { FELT_MS, lag, weigh, type Weight } from './weigh.ts'

export type Outcome = 'confirmed' | 'refuted' | 'depends'

/** The rows of the article's table, in its order. */
export const topics = [
  'direction',
  'overhead',
  'format',
  'reconnection',
  'load',
  'concurrency',
  'uses',
] as const
export type Topic = (typeof topics)[number]

/** A figure that a row needs; at 100 streams or near it, unless `most` are asked for. */
export interface Take {
  readonly measure: Measure
  /** The median, unless said. */
  readonly statistic?: Statistic
  readonly at?: 'most'
}

type Of = (measure: Measure) => Pair

interface Judge {
  readonly needs: readonly Take[]
  /** `above` holds the outcomes of the rows before that were measured. */
  readonly judge: (of: Of, above: ReadonlyMap<Topic, Outcome>) => Outcome
}

/** Less than this of the bytes: the format of the frames, and nothing else, was the most of them. */
const HALF = 0.5

/** All of them weigh so: the claim holds. None: it does not. */
const tally = (of: Of, all: readonly Measure[], weight: Weight): Outcome => {
  const hits = all.filter(measure => weigh(of(measure)) === weight)
  if (hits.length === all.length) return 'confirmed'
  return hits.length === 0 ? 'refuted' : 'depends'
}

const need = (...all: readonly Measure[]): Take[] => all.map(measure => ({ measure }))

export const judges: Readonly<Record<Topic, Judge>> = {
  /** That there is but one way is a cost if the way back is felt, and a small one if it is weighed. */
  direction: {
    needs: need('stop', 'turns', 'turn-bytes'),
    judge: of => {
      if (lag(of('stop')) > FELT_MS || lag(of('turns'), TURNS) > FELT_MS) return 'confirmed'
      return weigh(of('turn-bytes')) === 'less' ? 'depends' : 'refuted'
    },
  },

  /** WebSocket is the lighter. */
  overhead: {
    needs: need('bytes', 'turn-bytes', 'cpu'),
    judge: of => tally(of, ['bytes', 'turn-bytes', 'cpu'], 'less'),
  },

  /** A format that can be binary is the better one, for what is text. */
  format: {
    needs: need('bytes'),
    judge: of => {
      const bytes = of('bytes')
      if (weigh(bytes) !== 'less') return 'refuted'
      return (bytes.ratio?.median ?? 1) < HALF ? 'confirmed' : 'depends'
    },
  },

  /** SSE comes back better, as it does so by itself: how fast, is not what is claimed. */
  reconnection: {
    needs: [{ measure: 'resume' }, { measure: 'storm', statistic: 'p99' }, { measure: 'lost' }],
    judge: of => {
      const { sse, websocket } = of('lost')
      if (sse.max === websocket.max) return 'depends'
      return sse.max < websocket.max ? 'confirmed' : 'refuted'
    },
  },

  /** WebSocket is the heavier. */
  load: {
    needs: need('cpu', 'idle-memory', 'live-memory'),
    judge: of => tally(of, ['cpu', 'idle-memory', 'live-memory'], 'more'),
  },

  /** WebSocket does better where there are many. */
  concurrency: {
    needs: [
      { measure: 'latency', statistic: 'p99', at: 'most' },
      { measure: 'saturation', at: 'most' },
    ],
    judge: of => {
      const hits = [weigh(of('latency')) === 'less', weigh(of('saturation')) === 'more']
      if (hits.every(Boolean)) return 'confirmed'
      return hits.some(Boolean) ? 'depends' : 'refuted'
    },
  },

  /** Chat is for WebSocket: if the way back is felt; not if WebSocket is better at nothing. */
  uses: {
    needs: need('turns', 'stop', 'cpu'),
    judge: (_, above) => {
      if (above.get('direction') === 'confirmed') return 'confirmed'
      const better = [above.get('direction'), above.get('overhead'), above.get('concurrency')]
      return better.every(outcome => outcome === 'refuted') ? 'refuted' : 'depends'
    },
  },
}

/** The questions in `turns`. */
const TURNS = 10
