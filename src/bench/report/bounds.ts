/** The speed to reach: each bound, what the run showed, and whether that is within it. */
import { type Measure, measures, type Server, type Subject, type Transport } from '../run.ts'
import type { Unit } from './format.ts'
import { findComparison, findFigure, levels, nearest } from './lookup.ts'
import { type Report, type Statistic, transports } from './report.ts'

export type BoundName =
  | 'memory-sse-cpu'
  | 'memory-websocket-cpu'
  | 'sqlite-cpu'
  | 'short-cpu'
  | 'cpu-obvious'
  | 'short-cpu-obvious'
  | 'latency-p50'
  | 'latency-p99'
  | 'first'
  | 'idle-memory'
  | 'live-memory'
  | 'slow'
  | 'sse-bytes'
  | 'websocket-bytes'
  | 'lost'

/** One subject's figure under a bound. */
export interface Part extends Subject {
  readonly streams: number
  readonly value: number
}

/** A bound holds for each of its parts; one without parts was not measured. */
export interface Bound {
  readonly name: BoundName
  /** `below`: the limit itself is too much. */
  readonly limit: number
  readonly below: boolean
  readonly unit: Unit
  /** What the figure is taken against; undefined for the figure itself. */
  readonly to: Server | undefined
  readonly parts: readonly Part[]
  readonly state: 'met' | 'missed' | 'not measured'
}

interface Rule {
  readonly measure: Measure
  readonly limit: number
  readonly below?: true
  readonly statistic?: Statistic
  readonly servers?: readonly Server[]
  readonly transport?: Transport
  readonly to?: Server
  /** Which level it is judged at: the one nearest to a number, a number itself, or all of them. */
  readonly near?: number
  readonly at?: number
}

/** Not `remote`: what is between here and there is not ours to bound. */
const bounded: readonly Server[] = ['sqlite', 'memory']

const cpu = { measure: 'cpu', near: 100 } as const
const short = { measure: 'short-cpu', near: 100 } as const

const rules: Readonly<Record<BoundName, Rule>> = {
  'memory-sse-cpu': { ...cpu, limit: 1.3, to: 'raw', servers: ['memory'], transport: 'sse' },
  'memory-websocket-cpu': {
    ...cpu,
    limit: 1.2,
    to: 'raw',
    servers: ['memory'],
    transport: 'websocket',
  },
  'sqlite-cpu': { ...cpu, limit: 1.6, to: 'raw', servers: ['sqlite'] },
  'short-cpu': { ...short, limit: 1.6, to: 'raw' },
  'cpu-obvious': { ...cpu, limit: 0.5, below: true, to: 'obvious' },
  'short-cpu-obvious': { ...short, limit: 0.5, below: true, to: 'obvious' },
  'latency-p50': { measure: 'latency', statistic: 'p50', limit: 0.5, to: 'direct', at: 1000 },
  'latency-p99': { measure: 'latency', statistic: 'p99', limit: 5, to: 'direct', at: 1000 },
  first: { measure: 'first-warm', statistic: 'p50', limit: 2, to: 'direct' },
  'idle-memory': { measure: 'idle-memory', limit: 20 },
  'live-memory': { measure: 'live-memory', limit: 50 },
  slow: { measure: 'slow-p99', limit: 1.2 },
  'sse-bytes': { measure: 'bytes', limit: 130, transport: 'sse' },
  'websocket-bytes': { measure: 'bytes', limit: 90, transport: 'websocket' },
  lost: { measure: 'lost', limit: 0, servers: bounded },
}

/** The bounds in the order of the list above. */
export function boundsOf(report: Report): Bound[] {
  return Object.entries(rules).map(([name, rule]) => {
    const { measure, limit, below = false, to } = rule
    const parts = partsOf(report, rule)
    const unit = to === undefined || to === 'direct' ? measures[measure].unit : '×'
    const state = judge(parts, value => (below ? value < limit : value <= limit))
    return { name: name as BoundName, limit, below, unit, to, parts, state }
  })
}

/** Of each subject the part that is nearest to the limit or furthest beyond it, the worst first. */
export function worst({ parts }: Bound): Part[] {
  const sorted = parts.toSorted((one, other) => other.value - one.value)
  const name = ({ server, transport }: Subject): string => `${server} ${transport}`
  return sorted.filter((one, at) => sorted.findIndex(other => name(other) === name(one)) === at)
}

function judge(parts: readonly Part[], isWithin: (value: number) => boolean): Bound['state'] {
  if (parts.length === 0) return 'not measured'
  return parts.every(({ value }) => isWithin(value)) ? 'met' : 'missed'
}

function partsOf(report: Report, rule: Rule): Part[] {
  const subjects = (rule.servers ?? bounded).flatMap(server =>
    (rule.transport === undefined ? transports : [rule.transport]).map(transport => ({
      server,
      transport,
    })),
  )
  return levelsOf(report, rule).flatMap(streams =>
    subjects.flatMap(subject => {
      const value = valueOf(report, rule, { ...subject, streams })
      return value === undefined ? [] : [{ ...subject, streams, value }]
    }),
  )
}

function levelsOf(report: Report, { measure, near, at, servers = bounded }: Rule): number[] {
  const all = levels(report, measure, servers)
  if (at !== undefined) return all.filter(level => level === at)
  if (near === undefined) return all
  const level = nearest(all, near)
  return level === undefined ? [] : [level]
}

function valueOf(
  report: Report,
  { measure, statistic = 'value', to }: Rule,
  subject: Subject & { readonly streams: number },
): number | undefined {
  const wanted = { ...subject, measure, statistic }
  const range =
    to === undefined
      ? findFigure(report, wanted)?.range
      : findComparison(report, wanted, { server: to })?.range
  // One lost event in one round is one too many: no median of that.
  return measure === 'lost' ? range?.max : range?.median
}
