/**
 * The short form of the bench: every scenario against real processes. It asserts what noise cannot
 * fake; how fast it was it does not ask.
 */
import t from 'tap'
import { createTally } from '../../src/bench/client/tally.ts'
import { TOKEN_CHARS } from '../../src/bench/clock.ts'
import { type Fleet, createFleet } from '../../src/bench/fleet.ts'
import { openOne } from '../../src/bench/host.ts'
import { defaults } from '../../src/bench/options.ts'
import { takeTurn, turnsOf } from '../../src/bench/rounds.ts'
import { type Measure, type Sample, type Server, measures } from '../../src/bench/run.ts'
import { type Bench, createBench } from '../../src/bench/scenario.ts'

/** As little as gives a figure. */
const options = { ...defaults, streams: [20], rate: 300, rounds: 1, seconds: 0.2 }

let fleet: Fleet
let bench: Bench
const samples: Sample[] = []

t.before(async () => {
  fleet = createFleet()
  bench = createBench(options, fleet)
  for (const group of turnsOf(options)) {
    samples.push(...(await Promise.all(group.map(turn => takeTurn(turn, bench)))).flat())
  }
})

t.teardown(() => fleet.end())

const subjectsOf = (measure: Measure): string[] =>
  samples
    .filter(sample => sample.measure === measure)
    .map(({ server, transport }) => `${server} ${transport}`)

t.test('every measure has figures of both transports', async t => {
  for (const measure of Object.keys(measures) as Measure[]) {
    const found = subjectsOf(measure)
    t.ok(found.includes('sqlite sse') && found.includes('sqlite websocket'), measure)
  }
})

t.test('every figure is a number', async t => {
  const wrong = samples.filter(({ value }) =>
    typeof value === 'number'
      ? !Number.isFinite(value)
      : value.count === 0 || !value.quantiles.every(Number.isFinite),
  )
  t.same(wrong, [])
})

t.test('nothing is lost or doubled', async t => {
  const lost = samples.filter(({ measure }) => measure === 'lost')
  t.ok(lost.length > 30)
  t.same(
    lost.filter(({ value }) => value !== 0),
    [],
  )
})

t.test('what is measured by its own way of cutting the wire is measured', async t => {
  t.ok(subjectsOf('cpu').includes('http2 sse'))
  t.ok(subjectsOf('bytes').includes('http2 sse'))
  t.ok(subjectsOf('bytes').includes('deflate websocket'))
  t.ok(subjectsOf('latency').includes('direct sse'))
})

/** Tokens of a short answer and of a longer one, whose difference has no head in it. */
const SHORT = 100
const LONG = 300

/** Of a token that comes alone: one that was joined to its neighbour has no frame of its own. */
async function bytesOf(server: Server, transport: 'sse' | 'websocket'): Promise<number> {
  const host = await fleet.host(server)
  const connection = await openOne(host, transport)
  let bytes = 0
  let pieces = 0
  for (const [chunks, sign] of [
    [SHORT, -1],
    [LONG, 1],
  ] as const) {
    const tally = createTally()
    const before = connection.traffic.bytesRead
    await connection.ask(bench.order(host, { rate: 200, chunks }).question, tally)
    const joined = (tally.tokens - tally.pieces) * TOKEN_CHARS
    bytes += sign * (connection.traffic.bytesRead - before - joined)
    pieces += sign * tally.pieces
  }
  connection.cut()
  return bytes / pieces
}

t.test('a token of four characters takes at most 130 bytes by SSE, 90 by WebSocket', async t => {
  const [sse, websocket] = await Promise.all([
    bytesOf('sqlite', 'sse'),
    bytesOf('sqlite', 'websocket'),
  ])
  // The heads differ by a digit or two of their own.
  t.ok(Math.round(sse) <= 130, `${sse}`)
  t.ok(Math.round(websocket) <= 90, `${websocket}`)
})
