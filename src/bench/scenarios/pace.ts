/** Many streams at a pace: how late their tokens are, and what they cost the server. */
import { createMeter } from '../meter.ts'
import { open } from '../host.ts'
import type { Options } from '../options.ts'
import type { Server } from '../run.ts'
import { type Finding, type Scenario, type Step, isLong, lostIn } from '../scenario.ts'
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
/** Streams that begin in a second. */
const STARTS = 1500

export const pace: Scenario = {
  steps(options, round) {
    // A model elsewhere may be paid for: so many answers it gives only who asks for them.
    if (options.baseUrl !== undefined && !options.only.includes('pace')) return []
    return options.streams
      .filter(streams => isUsual(streams, options) || isLong(round, options))
      .flatMap(streams =>
        subjectsOf(serversAt(streams, options)).map(subject => ({ ...subject, streams })),
      )
  },

  async take(step, bench) {
    const host = await bench.fleet.host(step.server)
    const connections = await open(host, step.transport, step.streams)
    const meter = step.server === 'direct' ? undefined : await createMeter(host)
    const order = toOrder(step, bench.options)
    const streams = await startStreams(connections, { host, bench, order })
    await meter?.start()
    const { ages, tokens } = await streams.watch(() => sleep(bench.options.seconds * 1000))
    const cpuUs = (await meter?.stop()) ?? NaN
    await streams.ended
    for (const one of connections) one.cut()
    return [
      ...delays(step.server, ages),
      ...costs(cpuUs, tokens),
      ...lostIn(step.server, streams.tallies, order.chunks),
    ]
  },
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

function serversAt(streams: number, options: Options): Server[] {
  if (options.baseUrl !== undefined) return [...ours(options)]
  if (!isUsual(streams, options)) return ['direct', ...oneOfOurs(options)]
  return ['direct', ...baselines(options), 'http2', 'deflate', ...ours(options)]
}

function toOrder({ streams }: Step, { rate: asked, seconds, chunks }: Options): Asking['order'] {
  const rate = asked ?? (streams === USUAL ? USUAL_RATE : RATE)
  const around = AROUND_SECONDS + streams / STARTS
  return { rate, chunks: chunks ?? Math.ceil(rate * (seconds + around)) + BEGUN }
}
