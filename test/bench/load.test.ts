/** A round counts at a level only if it was under that load. */
import t from 'tap'
import { underLoad } from '../../src/bench/report/load.ts'
import type { Sample } from '../../src/bench/run.ts'
import { QUANTILES } from '../../src/bench/run.ts'

const at = (round: number, count: number): Sample[] => {
  const place = { server: 'sqlite', transport: 'sse', streams: 1000, round } as const
  return [
    { ...place, measure: 'latency', value: { count, quantiles: QUANTILES.map(() => 1) } },
    { ...place, measure: 'cpu', value: 50 },
    { ...place, measure: 'lost', value: 0 },
  ]
}

t.test('a round that saw few of the tokens that others saw has no latency and no cost', async t => {
  const kept = underLoad([...at(0, 8000), ...at(1, 2000), ...at(2, 7000)])
  t.same(
    kept.map(({ measure, round }) => `${measure} ${round}`),
    ['latency 0', 'cpu 0', 'lost 0', 'lost 1', 'latency 2', 'cpu 2', 'lost 2'],
  )
})
