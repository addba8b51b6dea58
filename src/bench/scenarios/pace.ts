/** Many streams at a pace: how late their tokens are, and what they cost the server. */
import { createMeter } from '../meter.ts'
import { open } from '../host.ts'
import type { Options } from '../options.ts'
import type { Server } from '../run.ts'
import { type Bench, type Finding, type Scenario, type Step, isLong, lostIn } from '../scenario.ts'
import { toSpread } from '../spread.ts'
import { type Asking, BEGUN, startStreams } from '../streams.ts'
import { baselines, oneOfOurs, ours, subjectsOf } from '../subjects.ts'
import { sleep } from '../wait.ts'

/** The level of every day, at which the baselines are measured too, and its pace. */
const USUAL = 100
const USUAL_RATE = 50
const RATE = 20

/** Of an answer outside the window: its beginning, and what is left of it for the slowest. */
const AROUND_SECONDS = 0.15
/** Streams that begin in a second; where they are slower the answers are asked for longer, … */
const STARTS = 1000
/** … and not more often than this in all. */
const LOOKS = 3
/** Of all streams: so many may have ended in a window. */
const FEW = 0.1

export const pace: Scenario = {
  steps(options, round) {
    // A model elsewhere may be paid for: so many answers it gives only who asks for them.
    if (options.baseUrl !== undefined && !options.only.includes('pace')) return []
    return options.streams
      .filter(streams => isUsual(streams, options) || isLong(round, options))
      .flatMap(streams =>
        subjectsOf(serversAt(streams, round, options)).map(subject => ({ ...subject, streams })),
      )
  },

  async take(step, bench) {
    const lost: Finding[] = []
    let around = AROUND_SECONDS + step.streams / STARTS
    for (let looks = 1; ; looks++) {
      const look = await takeLook(step, bench, around)
      lost.push(...look.lost)
      const isEnough = look.isFull || bench.options.chunks !== undefined || looks === LOOKS
      if (isEnough) return [...look.findings, ...lost]
      around *= 2
    }
  },
}

interface Look {
  readonly findings: readonly Finding[]
  readonly lost: readonly Finding[]
  /** Few answers ended while it lasted: it saw the streams at once. */
  readonly isFull: boolean
}

async function takeLook(step: Step, bench: Bench, around: number): Promise<Look> {
  const host = await bench.fleet.host(step.server)
  const connections = await open(host, step.transport, step.streams)
  const meter = step.server === 'direct' ? undefined : await createMeter(host)
  const order = toOrder(step, bench.options, around)
  const streams = await startStreams(connections, { host, bench, order })
  await meter?.start()
  const { ages, tokens } = await streams.watch(() => sleep(bench.options.seconds * 1000))
  const cpuUs = (await meter?.stop()) ?? NaN
  const ended = streams.tallies.filter(tally => tally.ended).length
  await streams.ended
  for (const one of connections) one.cut()
  return {
    findings: [...delays(step.server, ages), ...costs(cpuUs, tokens)],
    lost: lostIn(step.server, streams.tallies, order.chunks),
    isFull: ended <= step.streams * FEW,
  }
}

/** The variants are about cost: one client's part of each differs too much to compare delays. */
const delays = (server: Server, ages: readonly number[]): Finding[] =>
  server === 'http2' || server === 'deflate' || ages.length === 0
    ? []
    : [{ measure: 'latency', value: toSpread(ages) }]

/** Of a few tokens it would be the cost of waking up that is measured. */
const ENOUGH = 100

const costs = (cpuUs: number, tokens: number): Finding[] =>
  Number.isNaN(cpuUs) || tokens < ENOUGH ? [] : [{ measure: 'cpu', value: cpuUs / tokens }]

/** The level at which all are measured; one that is asked for alone is it too. */
const isUsual = (streams: number, options: Options): boolean =>
  streams === USUAL || options.streams.length === 1

function serversAt(streams: number, round: number, options: Options): Server[] {
  if (options.baseUrl !== undefined) return [...ours(options)]
  if (!isUsual(streams, options)) return ['direct', ...oneOfOurs(options)]
  const variants: Server[] = isLong(round, options) ? ['http2', 'deflate'] : []
  return ['direct', ...baselines(options), ...variants, ...ours(options)]
}

function toOrder(
  { streams }: Step,
  { rate: asked, seconds, chunks }: Options,
  around: number,
): Asking['order'] {
  const rate = asked ?? (streams === USUAL ? USUAL_RATE : RATE)
  return { rate, chunks: chunks ?? Math.ceil(rate * (seconds + around)) + BEGUN }
}
