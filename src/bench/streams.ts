/** Streams that all go on at once, and a window through which they are watched. */
import type { Connection } from './client/connection.ts'
import { type Tally, createTally } from './client/tally.ts'
import type { Host } from './host.ts'
import type { Order } from './order.ts'
import type { Bench } from './scenario.ts'
import { held, until } from './wait.ts'

/** Tokens that each has had when it counts as begun. */
export const BEGUN = 3

export interface Asking {
  readonly host: Host
  readonly bench: Bench
  readonly order: Omit<Order, 'id'>
}

export interface Streams {
  readonly tallies: readonly Tally[]
  /** What is heard while something else is done. */
  watch(other: () => Promise<void>): Promise<Seen>
  /** Resolves when all answers have ended. */
  readonly ended: Promise<void>
}

export interface Seen {
  /** How old each token was, in ms; none of a server elsewhere. */
  readonly ages: readonly number[]
  readonly tokens: number
}

/** One question on each of the connections; resolves when every answer has begun. */
export async function startStreams(
  connections: readonly Connection[],
  { host, bench, order }: Asking,
): Promise<Streams> {
  let ages: number[] = []
  const hear = host.server === 'remote' ? undefined : (age: number) => void ages.push(age)
  const asked = connections.map(connection => {
    const tally = createTally({ hear })
    return { tally, ended: held(connection.ask(bench.order(host, order).question, tally)) }
  })
  const tallies = asked.map(({ tally }) => tally)
  const ended = held(Promise.all(asked.map(({ ended }) => ended)).then(() => undefined))
  const begun = (): boolean => tallies.every(tally => tally.tokens >= BEGUN || tally.ended)
  await Promise.race([until(begun, `all streams of ${host.server} have begun`), failed(ended)])
  return {
    tallies,
    ended,
    async watch(other) {
      ages = []
      const before = count(tallies)
      await Promise.race([other(), failed(ended)])
      return { ages: ages.slice(), tokens: count(tallies) - before }
    },
  }
}

const count = (tallies: readonly Tally[]): number =>
  tallies.reduce((sum, { tokens }) => sum + tokens, 0)

/** Only ever rejects. */
const failed = (ended: Promise<void>): Promise<never> =>
  ended.then(() => new Promise<never>(() => undefined))
