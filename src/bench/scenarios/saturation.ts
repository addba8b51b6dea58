/** How many tokens a second go through when the upstream does not pause and all answers have begun. */
import { now } from '../clock.ts'
import type { Connection } from '../client/connection.ts'
import { type Tally, createTally } from '../client/tally.ts'
import { type Host, open } from '../host.ts'
import { type Bench, type Scenario, isLong, lostIn } from '../scenario.ts'
import { baselines, oneOfOurs, subjectsOf } from '../subjects.ts'

const STREAMS = 50
/** Tokens of each that tell how many make up the sample. */
const PROBE = 100
/** Of the seconds of a sample. */
const SHARE = 0.4
/** Of an answer: a server that is faster than that is measured for less than the seconds. */
const MOST = 50_000

export const saturation: Scenario = {
  steps: (options, round) =>
    options.baseUrl === undefined && isLong(round, options)
      ? subjectsOf([...baselines(options), ...oneOfOurs(options)]).map(subject => ({
          ...subject,
          streams: STREAMS,
        }))
      : [],

  async take({ server, transport, streams }, bench) {
    const host = await bench.fleet.host(server)
    const connections = await open(host, transport, streams)
    const load: Load = { connections, host, bench }
    const wantedMs = bench.options.seconds * 1000 * SHARE
    // New connections take longer over their first answers.
    await pour(load, 1)
    const begun = await pour(load, 1)
    let chunks = PROBE
    let poured = await pour(load, chunks, begun.ms)
    while (poured.ms < wantedMs / 2 && chunks < MOST) {
      chunks = Math.min(MOST, Math.ceil((chunks * wantedMs) / poured.ms))
      poured = await pour(load, chunks, begun.ms)
    }
    for (const one of connections) one.cut()
    const { ms, tallies } = poured
    const tokens = tallies.reduce((sum, tally) => sum + tally.tokens, 0) - streams
    return [
      { measure: 'saturation', value: (tokens / ms) * 1000 },
      ...lostIn(server, tallies, chunks),
    ]
  },
}

interface Load {
  readonly connections: readonly Connection[]
  readonly host: Host
  readonly bench: Bench
}

interface Poured {
  readonly ms: number
  readonly tallies: readonly Tally[]
}

/** An answer on each; `begunMs`, what as many took for their first tokens, is not of its time. */
async function pour(
  { connections, host, bench }: Load,
  chunks: number,
  begunMs = 0,
): Promise<Poured> {
  const start = now()
  const tallies = await Promise.all(
    connections.map(async connection => {
      const tally = createTally()
      await connection.ask(bench.order(host, { rate: 0, chunks }).question, tally)
      return tally
    }),
  )
  return { ms: Math.max(1, now() - start - begunMs), tallies }
}
