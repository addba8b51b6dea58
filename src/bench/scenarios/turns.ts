/** A chat: ten questions on one connection, each asked when the answer before has ended. */
import { now } from '../clock.ts'
import { type Tally, createTally } from '../client/tally.ts'
import { openOne } from '../host.ts'
import { median } from '../report/statistics.ts'
import { type Scenario, lostIn } from '../scenario.ts'
import { baselines, ours, subjectsOf } from '../subjects.ts'

const TURNS = 10
const CHUNKS = 10
/** Of which the median is taken; elsewhere answers may be paid for. */
const CHATS = 5

export const turns: Scenario = {
  steps: options =>
    subjectsOf([...baselines(options), ...ours(options)]).map(subject => ({
      ...subject,
      streams: 1,
    })),

  async take({ server, transport }, bench) {
    const host = await bench.fleet.host(server)
    const times: number[] = []
    const tallies: Tally[] = []
    let carried = 0
    for (let chat = 0; chat < (server === 'remote' ? 1 : CHATS); chat++) {
      const connection = await openOne(host, transport)
      const start = now()
      for (let turn = 0; turn < TURNS; turn++) {
        const tally = createTally()
        await connection.ask(bench.order(host, { rate: 0, chunks: CHUNKS }).question, tally)
        tallies.push(tally)
      }
      times.push(now() - start)
      const { bytesRead, bytesWritten } = connection.traffic
      carried += bytesRead + bytesWritten
      connection.cut()
    }
    return [
      { measure: 'turns', value: median(times) },
      { measure: 'turn-bytes', value: carried / tallies.length },
      ...lostIn(server, tallies, CHUNKS),
    ]
  },
}
