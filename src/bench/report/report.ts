/** From the samples of a run to what they say: figures over the rounds, and each against others. */
import { underLoad } from './load.ts'
import {
  type Machine,
  type Measure,
  measures,
  type Run,
  type Sample,
  type Server,
  type Settings,
  type Subject,
  type Transport,
} from '../run.ts'
import { paired, quantile, type Range, type Rounds, toRange } from './statistics.ts'

/** What is taken of a sample: its one figure, or a quantile of its spread. */
export type Statistic = 'value' | 'p50' | 'p99'

/** What a figure is about, whoever's it is. */
export interface Key {
  readonly measure: Measure
  readonly streams: number
  readonly statistic: Statistic
}

/** What one subject showed, over the rounds. */
export interface Figure extends Key, Subject {
  readonly range: Range
}

/** One subject's figure over another's, or less it, taken in each round. */
export interface Comparison extends Key, Subject {
  readonly to: Subject
  readonly by: 'ratio' | 'difference'
  readonly range: Range
}

/** All that can be said of a run. What the run does not hold is not in it. */
export interface Report {
  readonly at: string
  readonly machine: Machine
  readonly settings: Settings
  readonly partial: boolean
  readonly figures: readonly Figure[]
  readonly comparisons: readonly Comparison[]
}

/** In the order of reading: this server first, then its variants and the baselines. */
export const servers: readonly Server[] = [
  'sqlite',
  'memory',
  'remote',
  'raw',
  'http2',
  'deflate',
  'obvious',
  'direct',
]
export const transports: readonly Transport[] = ['sse', 'websocket']

/** What ChatAI is measured as; the first that has figures speaks for it. */
export const own: readonly Server[] = ['sqlite', 'memory', 'remote']

interface Series extends Key, Subject {
  readonly rounds: Rounds
}

/** An opponent; without a transport it is the same one, else whichever there is. */
interface Opponent {
  readonly server: Server
  readonly transport?: Transport
  readonly by: Comparison['by']
}

/** Measures that are waits: there, what this server adds to the upstream's own is of interest. */
const waits: readonly Measure[] = ['first-cold', 'first-warm', 'latency']

export function toReport({ at, machine, settings, partial, samples }: Run): Report {
  const all = toSeries(underLoad(samples))
  const figures = all.flatMap(({ rounds, ...one }) => {
    const range = toRange([...rounds.values()])
    return range === undefined ? [] : [{ ...one, range }]
  })
  return { at, machine, settings, partial, figures, comparisons: all.flatMap(compareIn(all)) }
}

function toSeries(samples: readonly Sample[]): Series[] {
  const all = new Map<string, Series & { rounds: Map<number, number> }>()
  for (const sample of samples) {
    for (const [statistic, value] of statisticsOf(sample)) {
      const { measure, streams, server, transport, round } = sample
      const key = { measure, streams, statistic, server, transport }
      const name = Object.values(key).join(' ')
      const { rounds } = all.get(name) ?? { rounds: new Map<number, number>() }
      rounds.set(round, join(measure, rounds.get(round), value))
      all.set(name, { ...key, rounds })
    }
  }
  return [...all.values()].sort(inOrder)
}

function statisticsOf({ value }: Sample): [Statistic, number][] {
  if (typeof value === 'number') return Number.isFinite(value) ? [['value', value]] : []
  const p50 = quantile(value, 0.5)
  const p99 = quantile(value, 0.99)
  return p50 === undefined || p99 === undefined
    ? []
    : [
        ['p50', p50],
        ['p99', p99],
      ]
}

/** A second sample in one round takes the place of the first; but nothing lost is forgotten. */
const join = (measure: Measure, before: number | undefined, value: number): number =>
  measure === 'lost' ? (before ?? 0) + value : value

const order = Object.keys(measures)

const inOrder = (one: Series, other: Series): number =>
  order.indexOf(one.measure) - order.indexOf(other.measure) ||
  one.streams - other.streams ||
  one.statistic.localeCompare(other.statistic) ||
  servers.indexOf(one.server) - servers.indexOf(other.server) ||
  transports.indexOf(one.transport) - transports.indexOf(other.transport)

const compareIn =
  (all: readonly Series[]) =>
  (one: Series): Comparison[] =>
    opponents(one).flatMap(opponent => {
      const other = findOpponent(all, one, opponent)
      return other === undefined ? [] : compare(one, other, opponent.by)
    })

function opponents({ server, transport, measure }: Series): Opponent[] {
  const list: Opponent[] = []
  if (transport === 'websocket') list.push({ server, transport: 'sse', by: 'ratio' })
  if (server === 'deflate') list.push({ server: 'raw', transport, by: 'ratio' })
  if (server === 'http2') list.push({ server: 'raw', transport, by: 'ratio' })
  if (!own.includes(server)) return list
  list.push({ server: 'raw', transport, by: 'ratio' })
  list.push({ server: 'obvious', transport, by: 'ratio' })
  if (waits.includes(measure)) list.push({ server: 'direct', by: 'difference' })
  return list
}

function findOpponent(
  all: readonly Series[],
  one: Series,
  { server, transport }: Opponent,
): Series | undefined {
  const there = all.filter(
    other =>
      other.server === server &&
      other.measure === one.measure &&
      other.streams === one.streams &&
      other.statistic === one.statistic,
  )
  const same = there.find(other => other.transport === (transport ?? one.transport))
  return transport === undefined ? (same ?? there[0]) : same
}

function compare(one: Series, other: Series, by: Comparison['by']): Comparison[] {
  const { rounds, ...key } = one
  const take = by === 'ratio' ? divide : subtract
  const range = toRange(paired(rounds, other.rounds, take))
  const { server, transport } = other
  return range === undefined ? [] : [{ ...key, to: { server, transport }, by, range }]
}

/** Of nothing, or of memory that was given back meanwhile, there is no ratio: NaN. */
const divide = (one: number, other: number): number =>
  one > 0 && other > 0 ? one / other : Number.NaN
const subtract = (one: number, other: number): number => one - other
