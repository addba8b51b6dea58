/** The figures that a row of the article's table is judged by. */
import { type Measure, measures, type Server } from '../run.ts'
import type { Take } from './judges.ts'
import { findFigure, findPair, levels, nearest, type Pair } from './lookup.ts'
import { own, type Report, type Statistic, transports } from './report.ts'
import type { Range } from './statistics.ts'

/** All of one server, so that the figures of a sentence belong together. */
export interface Evidence {
  readonly server: Server
  readonly pairs: ReadonlyMap<Measure, Pair>
  readonly missing: readonly Measure[]
}

/** The level at which everyday figures are taken. */
export const USUAL = 100

/** What a choice is made by, and which statistic of it. */
export const choice: Readonly<Partial<Record<Measure, Statistic>>> = {
  'first-warm': 'p50',
  latency: 'p99',
  cpu: 'value',
  bytes: 'value',
  saturation: 'value',
  'short-cpu': 'value',
  'idle-memory': 'value',
  'live-memory': 'value',
  stop: 'p50',
  resume: 'p50',
  turns: 'value',
  lost: 'value',
}

/** Of the first server that has all that the row needs; else of the one that lacks least. */
export function findEvidence(report: Report, needs: readonly Take[]): Evidence {
  return own
    .map(server => gather(report, server, needs))
    .reduce((best, one) => (one.missing.length < best.missing.length ? one : best))
}

/** Throws if the row is about a measure that it does not need. */
export function pairIn({ pairs }: Evidence, measure: Measure): Pair {
  const pair = pairs.get(measure)
  if (pair === undefined) throw new Error(`The row does not say that it needs ${measure}.`)
  return pair
}

function gather(report: Report, server: Server, needs: readonly Take[]): Evidence {
  const pairs = new Map<Measure, Pair>()
  for (const take of needs) {
    const pair =
      take.measure === 'lost' ? findLost(report, server) : findTaken(report, server, take)
    if (pair !== undefined) pairs.set(take.measure, pair)
  }
  const missing = needs.map(({ measure }) => measure).filter(measure => !pairs.has(measure))
  return { server, pairs, missing }
}

function findTaken(report: Report, server: Server, take: Take): Pair | undefined {
  const { measure, at } = take
  const statistic = take.statistic ?? (measures[measure].spread ? 'p50' : 'value')
  const found = levels(report, measure, [server])
    .map(streams => findPair(report, server, { measure, streams, statistic }))
    .filter(pair => pair?.ratio !== undefined)
  const all = found.map(pair => pair?.key.streams ?? 0)
  const level = at === 'most' ? all.at(-1) : nearest(all, USUAL)
  return found.find(pair => pair?.key.streams === level)
}

/** The worst of all rounds and levels: there is no average of lost events. */
function findLost(report: Report, server: Server): Pair | undefined {
  const [sse, websocket] = transports.map(transport =>
    levels(report, 'lost', [server])
      .flatMap((streams): Range[] => {
        const key = { measure: 'lost', statistic: 'value', streams } as const
        const figure = findFigure(report, { ...key, server, transport })
        return figure === undefined ? [] : [figure.range]
      })
      .toSorted((one, other) => other.max - one.max)
      .at(0),
  )
  if (sse === undefined || websocket === undefined) return undefined
  const key = { measure: 'lost', statistic: 'value', streams: 0 } as const
  return { key, sse, websocket, ratio: undefined }
}
