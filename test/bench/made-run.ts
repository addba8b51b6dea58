/** A run that nobody ran: figures that are plausible, and the same for the same seed. */
import { type Measure, measures, QUANTILES, type Run } from '../../src/bench/run.ts'
import type { Sample, Server, Spread, Subject, Transport } from '../../src/bench/run.ts'
import { randomFrom } from '../support/random.ts'

/** What a subject's figure is about, before a round's noise. */
type Level = number | { readonly p50: number; readonly tail: number }

const ROUNDS = 5
const LEVELS = [1, 100, 1000]

const both: readonly Transport[] = ['sse', 'websocket']

/** Processor time a token at 100 streams. */
const cpu: Readonly<Record<Server, number>> = {
  memory: 38,
  sqlite: 45,
  deflate: 88,
  remote: 45,
  raw: 32,
  http2: 19,
  obvious: 97,
  direct: 0,
}

/** The same machine for all of them. */
export const machine: Run['machine'] = {
  processor: 'Imaginary 2000 @ 2.50GHz',
  cores: 2,
  memory: 8 * 2 ** 30,
  system: 'Linux 6.1.0',
  node: '24.21.0',
  chatai: '0.1.0',
  pinned: true,
}

/** A run that holds these samples and no other. */
export const runOf = (samples: readonly Sample[], more: Partial<Run> = {}): Run => ({
  format: 1,
  at: '2026-01-02T03:04:05.678Z',
  machine,
  settings: {
    streams: LEVELS,
    rate: 20,
    rounds: ROUNDS,
    seconds: 2,
    only: [],
    stores: ['memory', 'sqlite'],
  },
  partial: false,
  samples,
  ...more,
})

/** A sample a round, of one value each. */
export const samplesOf = (
  subject: Subject & { readonly measure: Measure; readonly streams?: number },
  values: readonly Sample['value'][],
): Sample[] => values.map((value, round) => ({ streams: 0, ...subject, round, value }))

/** A spread of which only the middle and the 99th hundredth are of interest. */
export const spreadOf = (p50: number, p99 = p50): Spread => ({
  count: 1000,
  quantiles: QUANTILES.map(of => (of < 0.5 ? p50 / 2 : of < 0.99 ? p50 : p99)),
})

/** A whole run. */
export function madeRun(seed = 1): Run {
  const random = randomFrom(seed)
  const noise = (): number => 0.96 + 0.08 * random()
  const samples = everything().flatMap(({ level, ...subject }) =>
    Array.from({ length: ROUNDS }, (_, round): Sample => ({
      ...subject,
      round,
      value: typeof level === 'number' ? level * noise() : spread(level, noise()),
    })),
  )
  return runOf(samples)
}

interface Made extends Subject {
  readonly measure: Measure
  readonly streams: number
  readonly level: Level
}

function everything(): Made[] {
  const made: Made[] = []
  const add = (measure: Measure, server: Server, level: (transport: Transport) => Level): void => {
    for (const streams of levelsOf(measure)) {
      for (const transport of transportsOf(server)) {
        made.push({ measure, server, transport, streams, level: grow(level(transport), streams) })
      }
    }
  }
  for (const server of ['memory', 'sqlite', 'raw', 'obvious'] as const) {
    const weight = cpu[server] / cpu.raw
    const wait =
      (p50: number, tail = 3) =>
      (): Level => ({ p50: p50 * weight, tail })
    add('first-cold', server, wait(2.1))
    add('first-warm', server, wait(0.9))
    add('latency', server, wait(0.21, 6))
    add('cpu', server, on => cpu[server] * (on === 'sse' ? 1 : 0.93))
    add('bytes', server, on => (on === 'sse' ? 118 : 84) * (server === 'raw' ? 0.8 : 1))
    add('saturation', server, () => 62_000 / weight)
    add('short-cpu', server, () => 410 * weight ** 1.4)
    add('short-rate', server, () => 1900 / weight)
    add('lost', server, () => 0)
    if (server === 'raw' || server === 'obvious') continue
    add('idle-memory', server, on => (on === 'sse' ? 17.4 : 12.1))
    add('live-memory', server, on => (on === 'sse' ? 41 : 36))
    add('stop', server, wait(1.1))
    add('stop-waste', server, () => 0.2)
    add('resume', server, wait(1.9))
    add('turns', server, on => (on === 'sse' ? 31 : 28))
    add('turn-bytes', server, on => (on === 'sse' ? 2900 : 1700))
    add('storm', server, wait(120, 2))
    add('slow-p99', server, () => 1.04)
    add('slow-memory', server, () => 160)
  }
  add('cpu', 'deflate', () => cpu.deflate)
  add('bytes', 'deflate', () => 31)
  add('cpu', 'http2', () => cpu.http2)
  for (const measure of ['first-cold', 'first-warm', 'latency'] as const) {
    add(measure, 'direct', () => ({ p50: measure === 'latency' ? 0.14 : 0.6, tail: 4 }))
  }
  return made
}

const levelsOf = (measure: Measure): number[] => {
  if (measure === 'latency' || measure === 'cpu') return LEVELS
  if (measure === 'storm') return [1000]
  return measures[measure].spread || measure.startsWith('turn') ? [1] : [100]
}

const transportsOf = (server: Server): readonly Transport[] => {
  if (server === 'deflate') return ['websocket']
  return server === 'http2' || server === 'direct' ? ['sse'] : both
}

/** More at once wait longer; a token's own cost falls a little, as more are read in one go. */
const grow = (level: Level, streams: number): Level =>
  typeof level === 'number'
    ? level
    : { p50: level.p50 * (1 + Math.log10(streams) / 4), tail: level.tail + streams / 200 }

/** About a lognormal: most near the middle, a few far above it. */
const spread = ({ p50, tail }: Exclude<Level, number>, noise: number): Spread => ({
  count: 4000,
  quantiles: QUANTILES.map(of => {
    const away = Math.log((of + 0.0004) / (1.0004 - of)) / Math.log(99)
    return p50 * noise * (away > 0 ? tail ** away : 1.8 ** away)
  }),
})
