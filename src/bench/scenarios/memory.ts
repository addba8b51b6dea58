/** What a client costs the server in memory: one that waits, and one whose answer is being written. */
import type { Connection } from '../client/connection.ts'
import { createTally } from '../client/tally.ts'
import type { Fresh } from '../fleet.ts'
import { open, startAnswer } from '../host.ts'
import type { Transport } from '../run.ts'
import { type Bench, type Finding, type Scenario, lostIn } from '../scenario.ts'
import { startStreams } from '../streams.ts'
import { oneOfOurs, subjectsOf } from '../subjects.ts'
import { held, sleep, until } from '../wait.ts'

/** The last of them: each takes four servers of its own, whose start is most of what it takes. */
const ROUNDS = 2
/** Fewer would fit into what starting and the earlier ones have left behind. */
const IDLE = 1000
const LIVE = 500
/** Opened and closed before, so that what the first of them brings in is not counted. */
const EARLIER = 50
const LIVE_RATE = 5
const EARLIER_RATE = 50
const LIVE_CHUNKS = 25
/** Slower than any sample: the upstream has opened the answer and says nothing. */
const SILENT = { rate: 0.001, chunks: 1 }
/** Of the log in memory, a token. */
const LOGGED_BYTES = 200

const PAUSE_MS = 100

const KB = 1024

export const memory: Scenario = {
  steps: (options, round) =>
    options.baseUrl === undefined && round >= options.rounds - ROUNDS
      ? subjectsOf(oneOfOurs(options)).flatMap(subject =>
          [IDLE, LIVE].map(streams => ({ ...subject, streams })),
        )
      : [],

  async take({ server, transport, streams }, bench) {
    const host = await bench.fleet.fresh(server === 'memory' ? server : 'sqlite')
    const found = await (streams === IDLE ? idle : live)(host, transport, bench)
    await host.end()
    return found
  },
}

async function idle(host: Fresh, transport: Transport, bench: Bench): Promise<Finding[]> {
  const generation = await startAnswer(host, bench.order(host, SILENT).question)
  const earlier = await attachAll(generation, await open(host, transport, EARLIER))
  for (const one of earlier) one.cut()
  const before = await resident(host)
  const attached = await attachAll(generation, await open(host, transport, IDLE))
  const grown = (await resident(host)) - before
  for (const one of attached) one.cut()
  return [{ measure: 'idle-memory', value: grown / IDLE / KB }]
}

/** Resolves when each has read the first event, after which there is none. */
async function attachAll(
  generation: string,
  connections: readonly Connection[],
): Promise<readonly Connection[]> {
  const tallies = connections.map(connection => {
    const tally = createTally()
    void held(connection.attach(generation, 0, tally))
    return tally
  })
  await until(() => tallies.every(({ seq }) => seq > 0), 'all clients are attached')
  return connections
}

async function live(host: Fresh, transport: Transport, bench: Bench): Promise<Finding[]> {
  const order = { rate: LIVE_RATE, chunks: LIVE_CHUNKS }
  const early = await open(host, transport, EARLIER)
  const shorter = { rate: EARLIER_RATE, chunks: LIVE_CHUNKS }
  await (
    await startStreams(early, { host, bench, order: shorter })
  ).ended
  for (const one of early) one.cut()
  const before = await resident(host)
  const connections = await open(host, transport, LIVE)
  const { tallies } = await startStreams(connections, { host, bench, order })
  const after = await resident(host)
  const tokens = tallies.reduce((sum, tally) => sum + tally.tokens, 0)
  for (const one of connections) one.cut()
  const logged = host.server === 'memory' ? tokens * LOGGED_BYTES : 0
  return [
    { measure: 'live-memory', value: (after - before - logged) / LIVE / KB },
    ...lostIn(host.server, tallies),
  ]
}

/** Resident bytes of what is held: what the first collection closes, the second gives back. */
async function resident(host: Fresh): Promise<number> {
  await host.collect()
  await sleep(PAUSE_MS)
  return host.collect()
}
