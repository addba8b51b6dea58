/** What crosses the wire for a whole answer, its heads included, when every token comes alone. */
import { type Tally, createTally } from '../client/tally.ts'
import { TOKEN_CHARS } from '../clock.ts'
import { open } from '../host.ts'
import type { Options } from '../options.ts'
import type { Server } from '../run.ts'
import { type Scenario, isLong, lostIn } from '../scenario.ts'
import { baselines, ours, subjectsOf } from '../subjects.ts'

/** A long answer of a chat; its head is a hundredth of it. */
const CHUNKS = 400
/** Slow enough that no two tokens come in one read. */
const RATE = 250

export const bytes: Scenario = {
  isTimeless: true,

  steps: (options, round) =>
    subjectsOf(isLong(round, options) ? serversOf(options) : []).map(subject => ({
      ...subject,
      streams: 1,
    })),

  async take({ server, transport }, bench) {
    const host = await bench.fleet.host(server)
    const [connection] = await open(host, transport, 1)
    if (connection === undefined) return []
    const tally = createTally()
    const chunks = bench.options.chunks ?? CHUNKS
    await connection.ask(bench.order(host, { rate: RATE, chunks }).question, tally)
    // From the connection's beginning: the head of the upgrade counts as that of the response does.
    const read = connection.traffic.bytesRead
    connection.cut()
    return [{ measure: 'bytes', value: alone(read, tally) }, ...lostIn(server, [tally], chunks)]
  },
}

/** Bytes of a token that comes alone: what joined tokens saved is not the transport's doing. */
const alone = (read: number, { tokens, pieces }: Tally): number =>
  (read - (tokens - pieces) * TOKEN_CHARS) / pieces

const serversOf = (options: Options): Server[] =>
  options.baseUrl === undefined
    ? [...baselines(options), 'http2', 'deflate', ...ours(options)]
    : [...ours(options)]
