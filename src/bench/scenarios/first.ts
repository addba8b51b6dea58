/** How long the first token takes, on a connection that is opened for it and on one that is open. */
import { now } from '../clock.ts'
import type { Connection } from '../client/connection.ts'
import { createTally } from '../client/tally.ts'
import { type Host, openOne } from '../host.ts'
import type { Bench, Scenario } from '../scenario.ts'
import { toSpread } from '../spread.ts'
import { baselines, ours, subjectsOf } from '../subjects.ts'

/** New connections, and the questions on each after its first. */
const COLD = 12
const WARM = 3
/** A server elsewhere may be paid for, and counts how often it is asked. */
const COLD_ELSEWHERE = 3

export const first: Scenario = {
  steps: options =>
    subjectsOf([
      ...(options.baseUrl === undefined ? (['direct'] as const) : []),
      ...baselines(options),
      ...ours(options),
    ]).map(subject => ({ ...subject, streams: 1 })),

  async take({ server, transport }, bench) {
    const host = await bench.fleet.host(server)
    const colds: number[] = []
    const warms: number[] = []
    for (let turn = 0; turn < (server === 'remote' ? COLD_ELSEWHERE : COLD); turn++) {
      const start = now()
      const connection = await openOne(host, transport)
      colds.push((await firstAt(connection, host, bench)) - start)
      for (let turn = 0; turn < WARM; turn++) {
        const start = now()
        warms.push((await firstAt(connection, host, bench)) - start)
      }
      connection.cut()
    }
    return [
      { measure: 'first-cold', value: toSpread(colds) },
      { measure: 'first-warm', value: toSpread(warms) },
    ]
  },
}

/** An answer of one token, which the upstream does not keep back. */
async function firstAt(connection: Connection, host: Host, bench: Bench): Promise<number> {
  const tally = createTally()
  await connection.ask(bench.order(host, { rate: 0, chunks: 1 }).question, tally)
  return tally.first ?? NaN
}
