/** Many short answers, one after the other on connections that stay: what a request costs. */
import { now } from '../clock.ts'
import type { Connection } from '../client/connection.ts'
import { type Tally, createTally } from '../client/tally.ts'
import { type Host, open } from '../host.ts'
import { createMeter } from '../meter.ts'
import { type Bench, type Scenario, lostIn } from '../scenario.ts'
import { baselines, ours, subjectsOf } from '../subjects.ts'

const CONNECTIONS = 50
const CHUNKS = 20
/** Of a connection: a socket may send 200 commands at once, however fast it is answered. */
const MOST = 200

export const short: Scenario = {
  steps: options =>
    options.baseUrl === undefined
      ? subjectsOf([...baselines(options), ...ours(options)]).map(subject => ({
          ...subject,
          streams: CONNECTIONS,
        }))
      : [],

  async take({ server, transport, streams }, bench) {
    const host = await bench.fleet.host(server)
    const connections = await open(host, transport, streams)
    const meter = await createMeter(host)
    await meter.start()
    const start = now()
    const end = start + (bench.options.seconds / 2) * 1000
    const tallies = await Promise.all(connections.map(one => converse(one, end, { host, bench })))
    const seconds = (now() - start) / 1000
    const cpuUs = await meter.stop()
    for (const one of connections) one.cut()
    const all = tallies.flat()
    return [
      { measure: 'short-cpu', value: cpuUs / all.length },
      { measure: 'short-rate', value: all.length / seconds },
      ...lostIn(server, all, CHUNKS),
    ]
  },
}

/** Question after answer until the end. */
async function converse(
  connection: Connection,
  end: number,
  { host, bench }: { host: Host; bench: Bench },
): Promise<Tally[]> {
  const tallies: Tally[] = []
  while (now() < end && tallies.length < MOST) {
    const tally = createTally()
    await connection.ask(bench.order(host, { rate: 0, chunks: CHUNKS }).question, tally)
    tallies.push(tally)
  }
  return tallies
}
