/** All clients lose their connection and come back in the same moment. */
import { now } from '../clock.ts'
import { type Tally, createTally } from '../client/tally.ts'
import { type Host, open, openOne, startAnswer, stopAnswer } from '../host.ts'
import type { Options } from '../options.ts'
import type { Transport } from '../run.ts'
import { type Bench, type Scenario, isLong, lostIn } from '../scenario.ts'
import { toSpread } from '../spread.ts'
import { oneOfOurs, subjectsOf } from '../subjects.ts'
import { held, until } from '../wait.ts'

const CLIENTS = 1000
const CLIENTS_SOON = 200
/** Below so many seconds a sample, fewer come. */
const SOON = 0.3
/** What they watch, in turn: some share an answer. */
const ANSWERS = 100
const RATE = 10
/** Tokens of an answer that outlasts all of it. */
const CHUNKS = 300

interface Place {
  readonly generation: string
  /** The last event that was read, but for one: so there is one to come, whatever the pace. */
  readonly seq: number
}

export const storm: Scenario = {
  steps(options, round) {
    if (options.baseUrl !== undefined || !isLong(round, options)) return []
    return subjectsOf(oneOfOurs(options)).map(subject => ({
      ...subject,
      streams: clientsOf(options),
    }))
  },

  async take({ server, transport, streams }, bench) {
    const host = await bench.fleet.host(server)
    const answers = await startAnswers(host, bench)
    const places = await watch(answers, { host, transport, streams })
    const start = now()
    const came = await Promise.all(places.map(place => comeBack(place, transport, host)))
    await Promise.all(answers.map(generation => stopAnswer(host, generation)))
    return [
      { measure: 'storm', value: toSpread(came.map(({ at }) => at - start)) },
      ...lostIn(
        server,
        came.map(({ tally }) => tally),
      ),
    ]
  },
}

const clientsOf = ({ seconds }: Options): number => (seconds < SOON ? CLIENTS_SOON : CLIENTS)

function startAnswers(host: Host, bench: Bench): Promise<string[]> {
  const { question } = bench.order(host, { rate: RATE, chunks: CHUNKS })
  return Promise.all(Array.from({ length: ANSWERS }, () => startAnswer(host, question)))
}

/** Attaches all, until each has read something, and cuts them. */
async function watch(
  answers: readonly string[],
  { host, transport, streams }: { host: Host; transport: Transport; streams: number },
): Promise<Place[]> {
  const connections = await open(host, transport, streams)
  const watched = connections.map((connection, at) => {
    const generation = answers[at % answers.length] ?? ''
    const tally = createTally()
    void held(connection.attach(generation, 0, tally))
    return { generation, tally, connection }
  })
  await until(() => watched.every(({ tally }) => tally.tokens > 0), 'all clients read')
  return watched.map(({ generation, tally, connection }) => {
    connection.cut()
    return { generation, seq: tally.seq - 1 }
  })
}

/** `at` is when the first new event was read; it leaves again then. */
async function comeBack(
  { generation, seq }: Place,
  transport: Transport,
  host: Host,
): Promise<{ at: number; tally: Tally }> {
  const connection = await openOne(host, transport)
  const { promise, resolve } = Promise.withResolvers<number>()
  const tally = createTally({ after: seq, hear: () => resolve(now()) })
  const ended = held(connection.attach(generation, seq, tally)).then(() => NaN)
  const at = await Promise.race([promise, ended])
  connection.cut()
  return { at, tally }
}
