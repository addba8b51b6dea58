/** Properties as tests: what holds for whatever fast-check thinks of. */
import * as fc from 'fast-check'
import t, { type Test } from 'tap'

/** A failure prints its seed and the smallest example; this is how it is had again. */
const seed = process.env['PROPERTY_SEED']

/** So many runs; the property asserts with node:assert, whose errors fast-check looks at. */
export function holds<T>(
  name: string,
  runs: number,
  make: (t: Test) => fc.IRawProperty<T> | Promise<fc.IRawProperty<T>>,
): void {
  t.test(name, async t => {
    const given = { numRuns: runs, ...(seed !== undefined && { seed: Number(seed) }) }
    await fc.assert(await make(t), given)
    t.pass(`${runs} runs`)
  })
}
