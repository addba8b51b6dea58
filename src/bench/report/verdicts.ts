/** The article's comparison, row by row, each judged by the run's figures. */
import { type Measure, measures, type Server, type Subject } from '../run.ts'
import { chinese } from './chinese.ts'
import { english } from './english.ts'
import { type Evidence, findEvidence, pairIn, USUAL } from './evidence.ts'
import { toCount, toQuantity } from './format.ts'
import { judges, type Outcome, type Topic, topics } from './judges.ts'
import { findComparison, levels, nearest, type Pair } from './lookup.ts'
import type { Report } from './report.ts'
import type { Range } from './statistics.ts'
import type { Language, Two, Wording } from './wording.ts'

/** How a claim turned out; `unmeasured` where not all of its figures are in the run. */
export type Result = Outcome | 'unmeasured'

/** One row: what is claimed, how it turned out, and the figures that say so. */
export interface Verdict {
  readonly topic: Topic
  readonly outcome: Result
  /** Whose figures they are; undefined if they are not in the run. */
  readonly server: Server | undefined
  readonly text: Readonly<Record<Language, Sentences>>
}

export interface Sentences {
  readonly title: string
  readonly claim: string
  readonly sentence: string
}

interface Ruling {
  readonly topic: Topic
  readonly outcome: Result
  readonly evidence: Evidence
}

/** In the order of the article. */
export function verdictsOf(report: Report): Verdict[] {
  const above = new Map<Topic, Outcome>()
  return topics.map(topic => {
    const { needs, judge } = judges[topic]
    const evidence = findEvidence(report, needs)
    const isMeasured = evidence.missing.length === 0
    const outcome: Result = isMeasured
      ? judge(measure => pairIn(evidence, measure), above)
      : 'unmeasured'
    if (outcome !== 'unmeasured') above.set(topic, outcome)
    const ruling = { topic, outcome, evidence }
    const text = { en: say(report, ruling, english), zh: say(report, ruling, chinese) }
    return { topic, outcome, server: isMeasured ? evidence.server : undefined, text }
  })
}

/** Whose figures the rows are about: one server, unless the run was of few measures. */
export const subjectsOf = (verdicts: readonly Verdict[]): Server[] => [
  ...new Set(verdicts.flatMap(({ server }) => server ?? [])),
]

function say(report: Report, { topic, outcome, evidence }: Ruling, wording: Wording): Sentences {
  const { title, claim, measured, ...endings } = wording.topics[topic]
  const names = evidence.missing.map(measure => wording.measures[measure])
  if (outcome === 'unmeasured') return { title, claim, sentence: wording.unmeasured(names) }
  const figures = measured(measure => toTwo(pairIn(evidence, measure), wording))
  const all = [figures, endings[outcome], aside(report, topic, wording)]
  return { title, claim, sentence: all.filter(one => one !== '').join(wording.space) }
}

/** A pair in the words of a language; of lost events the most. */
export function toTwo({ key, sse, websocket, ratio }: Pair, { units }: Wording): Two {
  const { unit } = measures[key.measure]
  const say = ({ median, max }: Range): string =>
    key.measure === 'lost' ? toCount(max) : toQuantity(median, unit, units)
  return {
    sse: say(sse),
    websocket: say(websocket),
    ratio: ratio === undefined ? '' : toQuantity(ratio.median, '×', units),
    streams: toCount(key.streams),
  }
}

/** What compression and HTTP/2 change, in the rows that they are about. */
function aside(report: Report, topic: Topic, wording: Wording): string {
  const say = (measure: Measure, variant: Variant): string | undefined => {
    const ratio = over(report, measure, variant)
    return ratio === undefined ? undefined : toQuantity(ratio, '×', wording.units)
  }
  if (topic === 'concurrency') return wording.connections(say('cpu', http2))
  if (topic !== 'format') return ''
  const [bytes, cpu] = [say('bytes', deflate), say('cpu', deflate)]
  return bytes === undefined || cpu === undefined ? '' : wording.deflate(bytes, cpu)
}

/** A variant, and the server that it is a variant of. */
interface Variant {
  readonly subject: Subject
  readonly plain: Server
}

const deflate: Variant = {
  subject: { server: 'deflate', transport: 'websocket' },
  plain: 'raw',
}
const http2: Variant = { subject: { server: 'http2', transport: 'sse' }, plain: 'raw' }

function over(report: Report, measure: Measure, { subject, plain }: Variant): number | undefined {
  const streams = nearest(levels(report, measure, [subject.server]), USUAL)
  if (streams === undefined) return undefined
  const wanted = { ...subject, measure, streams, statistic: 'value' } as const
  return findComparison(report, wanted, { server: plain })?.range.median
}
