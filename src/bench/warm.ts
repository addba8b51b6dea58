/** What a server is given to do before it is measured: its code is compiled by what it has run. */
import { createTally } from './client/tally.ts'
import { type Host, open } from './host.ts'
import { toQuestion } from './order.ts'
import { transportsOf } from './subjects.ts'

const STREAMS = 50
/**
 * Short ones, for the requests, then long ones, for the chunks: many that come together, and as many
 * that come one by one, since what is done for each of them is compiled only when it was done often.
 */
const ANSWERS = [
  { rate: 0, chunks: 20 },
  { rate: 0, chunks: 20 },
  { rate: 0, chunks: 20 },
  { rate: 0, chunks: 20 },
  { rate: 0, chunks: 200 },
  { rate: 1000, chunks: 300 },
] as const

export async function warm(host: Host): Promise<void> {
  for (const transport of transportsOf(host.server)) {
    const connections = await open(host, transport, STREAMS)
    for (const answer of ANSWERS) {
      const message = toQuestion({ id: 0, ...answer })
      await Promise.all(connections.map(one => one.ask({ message }, createTally())))
    }
    for (const one of connections) one.cut()
  }
}
