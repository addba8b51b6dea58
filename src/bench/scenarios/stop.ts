/** How long a stop takes to reach the upstream, and what is written for nobody meanwhile. */
import { now } from '../clock.ts'
import type { Connection } from '../client/connection.ts'
import { type Tally, createTally } from '../client/tally.ts'
import { type Host, open } from '../host.ts'
import { type Bench, type Scenario, isLong, lostIn } from '../scenario.ts'
import { toSpread } from '../spread.ts'
import { baselines, isOurs, ours, subjectsOf } from '../subjects.ts'
import { held, until } from '../wait.ts'

const STOPS = 10
const RATE = 200
/** Far more than are read before the stop. */
const CHUNKS = 2000
/** Tokens read when the first stops; each of the others stops a little later. */
const READ = 10
const APART = 2

interface Stopped {
  readonly ms: number
  readonly waste: number
  readonly tally: Tally
}

export const stop: Scenario = {
  steps: (options, round) =>
    options.baseUrl === undefined && isLong(round, options)
      ? subjectsOf([...baselines(options), ...ours(options)]).map(subject => ({
          ...subject,
          streams: 1,
        }))
      : [],

  async take({ server, transport }, bench) {
    const host = await bench.fleet.host(server)
    const connections = await open(host, transport, STOPS)
    const stopped = await Promise.all(
      connections.map((one, at) => stopAfter(READ + at * APART, one, { host, bench })),
    )
    for (const one of connections) one.cut()
    const waste = stopped.reduce((sum, { waste }) => sum + waste, 0) / stopped.length
    return [
      { measure: 'stop', value: toSpread(stopped.map(({ ms }) => ms)) },
      { measure: 'stop-waste', value: waste },
      ...lostIn(
        server,
        stopped.map(({ tally }) => tally),
      ),
    ]
  },
}

/** Who numbers nothing is stopped by a cut: there is nothing else. */
async function stopAfter(
  tokens: number,
  connection: Connection,
  { host, bench }: { host: Host; bench: Bench },
): Promise<Stopped> {
  const tally = createTally()
  const { id, question } = bench.order(host, { rate: RATE, chunks: CHUNKS })
  const closed = bench.fleet.cut(id)
  const answer = held(connection.ask(question, tally))
  await until(() => tally.tokens >= tokens, `${host.server} has sent ${tokens} tokens`)
  const [start, read] = [now(), tally.tokens]
  if (tally.generation === undefined) connection.cut()
  else connection.stop(tally.generation)
  const { at, sent } = await closed
  if (isOurs(host.server)) await answer
  return { ms: at - start, waste: sent - read, tally }
}
