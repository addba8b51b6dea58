/** A connection is cut in mid-answer: how soon another has the next event, and whether all came. */
import { now } from '../clock.ts'
import { type Tally, createTally } from '../client/tally.ts'
import { type Host, openOne } from '../host.ts'
import type { Transport } from '../run.ts'
import { type Bench, type Scenario, isLong, lostIn } from '../scenario.ts'
import { toSpread } from '../spread.ts'
import { ours, subjectsOf } from '../subjects.ts'
import { held, until } from '../wait.ts'

const CUTS = 10
/** A server elsewhere may be paid for. */
const CUTS_ELSEWHERE = 2
/** So fast that the wait for a next token is no part of the figure. */
const RATE = 500
const CHUNKS = 150
/** Tokens read when the first is cut; each of the others is cut a little later. */
const READ = 10
const APART = 4

interface Resumed {
  readonly ms: number
  readonly tallies: readonly Tally[]
}

export const resume: Scenario = {
  steps: (options, round) =>
    subjectsOf(isLong(round, options) ? ours(options) : []).map(subject => ({
      ...subject,
      streams: 1,
    })),

  async take({ server, transport }, bench) {
    const host = await bench.fleet.host(server)
    const count = server === 'remote' ? CUTS_ELSEWHERE : CUTS
    const resumed = await Promise.all(
      Array.from({ length: count }, (_, at) =>
        resumeAfter(READ + at * APART, transport, { host, bench }),
      ),
    )
    const halves = resumed.flatMap(({ tallies }) => tallies)
    const [lost] = lostIn(server, halves)
    const said = halves.reduce((sum, { tokens }) => sum + tokens, 0)
    const missing = server === 'remote' ? 0 : Math.abs(count * CHUNKS - said)
    return [
      { measure: 'resume', value: toSpread(resumed.map(({ ms }) => ms)) },
      { measure: 'lost', value: Number(lost?.value) + missing },
    ]
  },
}

async function resumeAfter(
  tokens: number,
  transport: Transport,
  { host, bench }: { host: Host; bench: Bench },
): Promise<Resumed> {
  const before = createTally()
  const one = await openOne(host, transport)
  void held(one.ask(bench.order(host, { rate: RATE, chunks: CHUNKS }).question, before))
  await until(() => before.tokens >= tokens, `${host.server} has sent ${tokens} tokens`)
  const { seq, generation = '' } = before
  const start = now()
  one.cut()
  const other = await openOne(host, transport)
  const after = createTally({ after: seq })
  await other.attach(generation, seq, after)
  other.cut()
  return { ms: (after.first ?? NaN) - start, tallies: [before, after] }
}
