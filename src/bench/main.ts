/** `npm run bench`: SSE beside WebSocket, this server beside the limit and beside the obvious. */
import { createFleet } from './fleet.ts'
import { describeMachine } from './machine.ts'
import { type Options, help, readOptions } from './options.ts'
import { pinLoad } from './processes.ts'
import { type Screen, createProgress } from './progress.ts'
import { toReport } from './report/report.ts'
import { toTerminal } from './report/terminal.ts'
import { openResults, writeResults } from './results.ts'
import { type Turn, takeTurn, turnsOf } from './rounds.ts'
import type { Run, Sample } from './run.ts'
import { createBench } from './scenario.ts'
import { warm } from './warm.ts'

const INTERRUPTED = 130
const COLUMNS = 120

/** How a run ended, and what it measured until then. */
interface Outcome {
  readonly samples: readonly Sample[]
  readonly end: 'done' | 'interrupted' | Error
}

process.exitCode = await main(process.argv.slice(2))
// A sample that was left in the middle holds sockets and timers.
process.exit()

async function main(args: readonly string[]): Promise<number> {
  const options = read(args)
  if (typeof options === 'number') return options
  const begun = Date.now()
  const { samples, end } = await measure(options)
  if (samples.length > 0) {
    const run = toRun(options, { samples, end })
    present(run, options.out)
    process.stderr.write(`Measured in ${Math.round((Date.now() - begun) / 1000)} s.\n`)
  }
  if (end === 'done') return 0
  if (end === 'interrupted') {
    if (samples.length === 0) process.stderr.write('Stopped before anything was measured.\n')
    return INTERRUPTED
  }
  process.stderr.write(`${end.message}\n`)
  return 1
}

/** The options, or with which code to exit. */
function read(args: readonly string[]): Options | number {
  try {
    const options = readOptions(args)
    if (options !== undefined) {
      openResults(options.out)
      return options
    }
    process.stdout.write(help)
    return 0
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return 2
  }
}

/** All turns, until one breaks or Ctrl-C; no program is left when it resolves. */
async function measure(options: Options): Promise<Outcome> {
  const { baseUrl, model } = options
  const turns = turnsOf(options)
  if (turns.length === 0) {
    const error = new Error('None of that can be measured of a server elsewhere: see --help.')
    return { samples: [], end: error }
  }
  pinLoad()
  const remote = baseUrl && ({ server: 'remote', url: baseUrl, model } as const)
  const fleet = createFleet({ remote, prepare: warm })
  const bench = createBench(options, fleet)
  const progress = createProgress(process.stderr, turns.length)
  const stopped = interruption()
  const samples: Sample[] = []
  try {
    for (const [at, group] of turns.entries()) {
      progress.show(at, describe(group))
      const taken = Promise.all(group.map(turn => takeTurn(turn, bench)))
      const found = await Promise.race([taken, stopped])
      if (found === 'interrupted') return { samples, end: 'interrupted' }
      samples.push(...found.flat())
    }
    return { samples, end: 'done' }
  } catch (error) {
    return { samples, end: error instanceof Error ? error : new Error(String(error)) }
  } finally {
    progress.clear()
    await fleet.end()
  }
}

function describe([first, ...more]: readonly Turn[]): string {
  if (first === undefined) return ''
  const { server, transport, streams } = first.step
  const whose = more.length > 0 ? 'all' : `${server}, ${transport}, ${streams} at once`
  return `${first.name}, round ${first.round + 1}: ${whose}`
}

/** Resolves at the first Ctrl-C, or when asked to end; the second does not wait for anything. */
function interruption(): Promise<'interrupted'> {
  const { promise, resolve } = Promise.withResolvers<'interrupted'>()
  let isRepeated = false
  const interrupt = (): void => {
    if (isRepeated) process.exit(INTERRUPTED)
    isRepeated = true
    resolve('interrupted')
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return promise
}

function toRun(options: Options, { samples, end }: Outcome): Run {
  const { streams, rate, rounds, seconds, only, stores, baseUrl, model = null } = options
  const settings = { streams, rate: rate ?? null, rounds, seconds, only, stores }
  return {
    format: 1,
    at: new Date().toISOString(),
    machine: describeMachine(),
    settings: baseUrl ? { ...settings, remote: { url: baseUrl.origin, model } } : settings,
    partial: end !== 'done',
    samples,
  }
}

function present(run: Run, folder: string): void {
  const report = toReport(run)
  const screen: Screen = process.stdout
  const { columns = COLUMNS, isTTY: colour = false } = screen
  process.stdout.write(toTerminal(report, { columns, colour }))
  const paths = writeResults(folder, run, report)
  process.stderr.write(`\nWritten: ${paths.join(', ')}\n`)
}
