/** What a scenario is, and what it works with. */
import type { Question } from './client/connection.ts'
import type { Tally } from './client/tally.ts'
import type { Fleet } from './fleet.ts'
import type { Host } from './host.ts'
import type { Options } from './options.ts'
import { type Order, toQuestion } from './order.ts'
import type { Measure, Server, Spread, Subject } from './run.ts'
import { isOurs } from './subjects.ts'

/** One subject's turn in a round. */
export interface Step extends Subject {
  /** Streams, clients or connections at once. */
  readonly streams: number
}

export interface Finding {
  readonly measure: Measure
  readonly value: number | Spread
}

export interface Scenario {
  /** What it counts does not depend on time: all turns of a round are taken at once. */
  readonly isTimeless?: true
  /** All turns of a round, which are counted from 0. */
  readonly steps: (options: Options, round: number) => readonly Step[]
  /** Takes one of them. What it opens it closes. */
  readonly take: (step: Step, bench: Bench) => Promise<readonly Finding[]>
}

export interface Bench {
  readonly options: Options
  readonly fleet: Fleet
  /** Ask for so much. */
  order(host: Host, order: Omit<Order, 'id'>): Asked
}

export interface Asked {
  readonly id: number
  readonly question: Question
}

/** What takes long is left out of the first rounds: it is in the last three of five. */
export const isLong = (round: number, { rounds }: Options): boolean =>
  round >= rounds - Math.ceil(rounds * 0.6)

/** A server elsewhere asks no upstream of ours: its own pace, and a limit on the length. */
const ELSEWHERE = 'Tell me about streams, at length.'

export const createBench = (options: Options, fleet: Fleet): Bench => ({
  options,
  fleet,
  order({ server, model }, order) {
    const id = fleet.next()
    if (server !== 'remote') return { id, question: { message: toQuestion({ id, ...order }) } }
    const params = { max_tokens: order.chunks }
    return { id, question: { message: ELSEWHERE, params, ...(model !== undefined && { model }) } }
  },
})

/** Events lost or doubled, and tokens of whole answers that never came; of servers that number. */
export function lostIn(server: Server, tallies: readonly Tally[], chunks?: number): Finding[] {
  const isWhole = chunks === undefined || tallies.every(({ tokens }) => tokens === chunks)
  if (!isOurs(server) && !isWhole) throw new Error('It did not pass on all tokens.')
  if (!isOurs(server)) return []
  const sum = (of: (tally: Tally) => number): number =>
    tallies.reduce((all, tally) => all + of(tally), 0)
  const isCounted = chunks !== undefined && server !== 'remote'
  const missing = isCounted ? sum(({ tokens }) => Math.abs(chunks - tokens)) : 0
  return [{ measure: 'lost', value: sum(({ lost }) => lost) + missing }]
}
