/** The last benchmark of the server: fetched, and read as the benchmark's own reports read it. */
import { choice, findEvidence } from '../../src/bench/report/evidence.ts'
import type { Pair } from '../../src/bench/report/lookup.ts'
import { type Report, servers, toReport, transports } from '../../src/bench/report/report.ts'
import { weigh } from '../../src/bench/report/weigh.ts'
import { type Measure, type Run, type Sample, type Server, measures } from '../../src/bench/run.ts'
import type { Transport } from '../link/link.ts'
import type { Benchmark } from './state.ts'

/** Where the server has the two files, from the page's own address. */
const SAMPLES = 'bench/bench.json'
export const WHOLE = 'bench/bench.html'

/** Never rejects: what is not there, or cannot be read, is said. */
export async function fetchBenchmark(base: URL, signal: AbortSignal): Promise<Benchmark> {
  try {
    const response = await fetch(new URL(SAMPLES, base), { signal })
    if (response.status === 204) return 'none'
    if (!response.ok) return 'failed'
    return readBenchmark(await response.text())
  } catch (error) {
    // No network, or the person went away.
    if (error instanceof TypeError || signal.aborted) return 'failed'
    throw error
  }
}

/** The report on a `bench.json`. */
export function readBenchmark(text: string): Report | 'broken' {
  const run = parse(text)
  return run === undefined ? 'broken' : toReport({ ...run, samples: run.samples.filter(isKnown) })
}

/** Undefined for a file that is half written, or of another format. */
function parse(text: string): Run | undefined {
  try {
    const run = JSON.parse(text) as Partial<Run> | null
    const isRun = run?.format === 1 && Array.isArray(run.samples) && run.machine && run.settings
    return isRun && !Number.isNaN(Date.parse(run.at ?? '')) ? (run as Run) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A later version may measure more than this page has words for. */
const isKnown = ({ measure, server, transport }: Sample): boolean =>
  Object.hasOwn(measures, measure) && servers.includes(server) && transports.includes(transport)

/** One row of the page's table. */
export interface Row {
  readonly pair: Pair
  /** Undefined where the rounds do not tell the two apart. */
  readonly better: Transport | undefined
}

/** What a choice is made by, of one server, so that the figures belong together. */
export function rowsOf(report: Report): { readonly server: Server; readonly rows: readonly Row[] } {
  const takes = Object.entries(choice).map(([measure, statistic]) => ({
    measure: measure as Measure,
    statistic,
  }))
  const { server, pairs } = findEvidence(report, takes)
  const found = takes.flatMap(({ measure }) => pairs.get(measure) ?? [])
  return { server, rows: found.map(pair => ({ pair, better: betterOf(pair) })) }
}

function betterOf(pair: Pair): Transport | undefined {
  const weight = weigh(pair)
  if (weight === 'same') return undefined
  const isLeast = measures[pair.key.measure].best === 'least'
  return (weight === 'less') === isLeast ? 'websocket' : 'sse'
}
