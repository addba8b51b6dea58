/** Who is measured when: in every round everyone has a turn, and nobody is always first. */
import { type Name, names } from './names.ts'
import type { Options } from './options.ts'
import type { Sample } from './run.ts'
import type { Bench, Step } from './scenario.ts'
import { scenarios } from './scenarios.ts'

/** One turn, by the scenario it belongs to. */
export interface Turn {
  readonly name: Name
  readonly round: number
  readonly step: Step
}

/** A step that has not ended by then never will. */
const LONGEST_MS = 120_000

/** All turns of a run, one scenario after the other; those of a group are taken at once. */
export function turnsOf(options: Options): Turn[][] {
  const wanted = names.filter(name => options.only.length === 0 || options.only.includes(name))
  return wanted.flatMap(name => {
    const { steps, isTimeless } = scenarios[name]
    return Array.from({ length: options.rounds }, (_, round) => {
      const turns = rotate(steps(options, round), round).map(step => ({ name, round, step }))
      if (turns.length === 0) return []
      return isTimeless ? [turns] : turns.map(turn => [turn])
    }).flat()
  })
}

/** Every other round backwards, so that who follows whom changes too. */
export function rotate<T>(all: readonly T[], round: number): T[] {
  const way = round % 2 === 0 ? all : all.toReversed()
  const start = all.length === 0 ? 0 : Math.floor(round / 2) % all.length
  return [...way.slice(start), ...way.slice(0, start)]
}

/** Takes the turn; throws one sentence that says whose it was. */
export async function takeTurn({ name, round, step }: Turn, bench: Bench): Promise<Sample[]> {
  const { promise: tooLong, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('It took too long.')), LONGEST_MS)
  try {
    const found = await Promise.race([scenarios[name].take(step, bench), tooLong])
    return found.map(finding => ({ ...step, round, ...finding }))
  } catch (error) {
    const { server, transport, streams } = step
    const said = error instanceof Error ? error.message : String(error)
    const whose = `${name} of ${server} over ${transport}, ${streams} at once`
    throw new Error(`The bench broke off in ${whose}. ${said}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
