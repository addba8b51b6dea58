/**
 * Chaos by hand: `npm run chaos -- --seed 7 --minutes 5 --actors 12`. Clients that drop, switch, stop
 * and update, and a server that is killed at random; then the promises of the protocol are held
 * against what everybody saw. The same seed draws the same faults again; the machine's own timing
 * is not part of it, so a failing seed is best tried a few times. Exit 1 where a promise is broken.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createEnds } from '../support/ends.ts'
import { judge } from './judge.ts'
import { type Ran, runChaos } from './run.ts'
import { summary } from './summary.ts'

const SHOWN = 20

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`)

function read(): { seed: number; seconds: number; actors: number } {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      minutes: { type: 'string', default: '1' },
      actors: { type: 'string', default: '12' },
    },
  })
  const number = (name: 'seed' | 'minutes' | 'actors'): number => {
    const value = Number(values[name])
    if (!(value >= 0)) throw new Error(`--${name} takes a number, not ${values[name]}.`)
    return value
  }
  return { seed: number('seed'), seconds: number('minutes') * 60, actors: number('actors') }
}

/** What was found wrong, and the whole history for whoever looks for the cause. */
function report(ran: Ran, found: readonly string[]): void {
  for (const sentence of found.slice(0, SHOWN)) say(sentence)
  if (found.length > SHOWN) say(`and ${found.length - SHOWN} more`)
  const file = join(mkdtempSync(join(tmpdir(), 'chatai-chaos-')), 'history.json')
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value
  writeFileSync(file, JSON.stringify(ran, plain, 1))
  say(`The history is in ${file}`)
}

const ends = createEnds()
try {
  const options = read()
  say(`seed ${options.seed}`)
  const ran = await runChaos(ends, options)
  const found = judge(ran.history, ran.outcome)
  say(summary(ran))
  if (found.length > 0) report(ran, found)
  say(found.length === 0 ? 'Every promise was kept.' : `${found.length} found wrong.`)
  process.exitCode = found.length === 0 ? 0 : 1
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
} finally {
  await ends.run()
}
