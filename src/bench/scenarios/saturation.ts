/** How many tokens a second go through when the upstream does not pause. */
import { now } from '../clock.ts'
import type { Connection } from '../client/connection.ts'
import { type Tally, createTally } from '../client/tally.ts'
import { type Host, open } from '../host.ts'
import { type Bench, type Scenario, lostIn } from '../scenario.ts'
import { baselines, ours, subjectsOf } from '../subjects.ts'

const STREAMS = 50
/** Tokens of each that tell how many make up the sample. */
const PROBE = 100
/** Of the seconds of a sample. */
const SHARE = 0.5
/** Of an answer: a server that is faster than that is measured for less than the seconds. */
const MOST = 50_000

export const saturation: Scenario = {
  steps: options =>
    options.baseUrl === undefined
      ? subjectsOf([...baselines(options), ...ours(options)]).map(subject => ({
          ...subject,
          streams: STREAMS,
        }))
      : [],

  async take({ server, transport, streams }, bench) {
    const host = await bench.fleet.host(server)
    const connections = await open(host, transport, streams)
    const wantedMs = bench.options.seconds * 1000 * SHARE
    let chunks = bench.options.chunks ?? PROBE
    let poured = await pour(connections, chunks, { host, bench })
    while (bench.options.chunks === undefined && poured.ms < wantedMs / 2 && chunks < MOST) {
      chunks = Math.min(MOST, Math.ceil((chunks * wantedMs) / poured.ms))
      poured = await pour(connections, chunks, { host, bench })
    }
    for (const one of connections) one.cut()
    const { speed, tallies } = poured
    return [{ measure: 'saturation', value: speed }, ...lostIn(server, tallies, chunks)]
  },
}

interface Poured {
  readonly ms: number
  /** Tokens a second. */
  readonly speed: number
  readonly tallies: readonly Tally[]
}

/** An answer on each. */
async function pour(
  connections: readonly Connection[],
  chunks: number,
  { host, bench }: { host: Host; bench: Bench },
): Promise<Poured> {
  const start = now()
  const tallies = await Promise.all(
    connections.map(async connection => {
      const tally = createTally()
      await connection.ask(bench.order(host, { rate: 0, chunks }).question, tally)
      return tally
    }),
  )
  const tokens = tallies.reduce((sum, tally) => sum + tally.tokens, 0)
  const ms = now() - start
  return { ms, speed: (tokens / ms) * 1000, tallies }
}
