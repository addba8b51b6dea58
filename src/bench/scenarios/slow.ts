/** Readers that stop reading beside others that do not: what the others and the server notice. */
import { createTally } from '../client/tally.ts'
import { type Host, open, openOne, usage } from '../host.ts'
import { quantile } from '../report/statistics.ts'
import { type Bench, type Scenario, isLong, lostIn } from '../scenario.ts'
import { toSpread } from '../spread.ts'
import { type Seen, startStreams } from '../streams.ts'
import { oneOfOurs, subjectsOf } from '../subjects.ts'
import { held, sleep } from '../wait.ts'

/** Readers, and how many more stall. */
const READERS = 100
const STALLED = 10
const RATE = 50
/**
 * The long answer that the stalled are sent, 6 MB: more than the buffers of the system on both sides
 * of a connection (4 MB here) and the server's own for a client (1 MiB) take, so that it stalls.
 */
const LONG = { rate: 0, chunks: 4000, padding: 1500 }
/** Between the windows: the stalled attach, and their sockets fill. */
const FILL_MS = 300
/** Of an answer, beside the two windows. */
const AROUND_SECONDS = 0.8

/** The long answer of each server, made when it is first needed. */
const long = new WeakMap<Host, Promise<string>>()

export const slow: Scenario = {
  steps: (options, round) =>
    options.baseUrl === undefined && isLong(round, options)
      ? subjectsOf(oneOfOurs(options)).map(subject => ({ ...subject, streams: READERS }))
      : [],

  async take({ server, transport, streams }, bench) {
    const host = await bench.fleet.host(server)
    const windowMs = bench.options.seconds * 1000
    const generation = await longAnswer(host, bench)
    const readers = await open(host, transport, streams)
    const stalled = await open(host, transport, STALLED)
    const chunks = Math.ceil(RATE * (2 * bench.options.seconds + AROUND_SECONDS))
    const going = await startStreams(readers, { host, bench, order: { rate: RATE, chunks } })
    const without = await going.watch(() => sleep(windowMs))
    const before = await usage(host)
    for (const one of stalled) {
      void held(one.attach(generation, 0, createTally()))
      one.stall()
    }
    await sleep(FILL_MS)
    const beside = await going.watch(() => sleep(windowMs))
    const after = await usage(host)
    await going.ended
    for (const one of [...readers, ...stalled]) one.cut()
    return [
      { measure: 'slow-p99', value: p99(beside) / p99(without) },
      { measure: 'slow-memory', value: (after.rssBytes - before.rssBytes) / 1024 / STALLED },
      ...lostIn(server, going.tallies, chunks),
    ]
  },
}

const p99 = ({ ages }: Seen): number => quantile(toSpread(ages), 0.99) ?? NaN

function longAnswer(host: Host, bench: Bench): Promise<string> {
  const made = long.get(host) ?? makeLong(host, bench)
  long.set(host, made)
  return made
}

async function makeLong(host: Host, bench: Bench): Promise<string> {
  const connection = await openOne(host, 'websocket')
  const tally = createTally()
  await connection.ask(bench.order(host, LONG).question, tally)
  connection.cut()
  return tally.generation ?? ''
}
