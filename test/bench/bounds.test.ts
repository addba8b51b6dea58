import t from 'tap'

import { type Bound, type BoundName, boundsOf, worst } from '../../src/bench/report/bounds.ts'
import { toReport } from '../../src/bench/report/report.ts'
import type { Measure, Sample, Server, Transport } from '../../src/bench/run.ts'
import { madeRun, runOf, samplesOf, spreadOf } from './made-run.ts'

const find = (samples: readonly Sample[], name: BoundName): Bound | undefined =>
  boundsOf(toReport(runOf(samples))).find(bound => bound.name === name)

/** Three rounds of one figure. */
const thrice = (
  server: Server,
  transport: Transport,
  more: { readonly measure: Measure; readonly value: Sample['value']; readonly streams?: number },
): Sample[] => {
  const { measure, value, streams = 100 } = more
  return samplesOf({ server, transport, measure, streams }, [value, value, value])
}

void t.test('the limit itself is within a bound', async t => {
  const at = (value: number): Bound | undefined =>
    find(
      [
        ...thrice('memory', 'sse', { measure: 'cpu', value }),
        ...thrice('raw', 'sse', { measure: 'cpu', value: 100 }),
      ],
      'memory-sse-cpu',
    )
  t.equal(at(130)?.state, 'met')
  t.equal(at(131)?.state, 'missed')
  t.equal(at(130)?.limit, 1.3)
})

void t.test('but half of the obvious loop is not less than half', async t => {
  const at = (value: number): string | undefined =>
    find(
      [
        ...thrice('sqlite', 'websocket', { measure: 'cpu', value }),
        ...thrice('obvious', 'websocket', { measure: 'cpu', value: 100 }),
      ],
      'cpu-obvious',
    )?.state
  t.equal(at(49), 'met')
  t.equal(at(50), 'missed')
})

void t.test('a bound of which nothing is in the run is not measured', async t => {
  const bounds = boundsOf(toReport(runOf([])))
  t.equal(bounds.length, 15)
  t.ok(bounds.every(({ state, parts }) => state === 'not measured' && parts.length === 0))
  const alone = thrice('memory', 'sse', { measure: 'cpu', value: 30 })
  t.equal(find(alone, 'memory-sse-cpu')?.state, 'not measured', 'nor one without its baseline')
})

void t.test('one part beyond it misses it, and the worst comes first', async t => {
  const bound = find(
    [
      ...thrice('memory', 'sse', { measure: 'idle-memory', value: 17 }),
      ...thrice('sqlite', 'sse', { measure: 'idle-memory', value: 19 }),
      ...thrice('sqlite', 'websocket', { measure: 'idle-memory', value: 21 }),
    ],
    'idle-memory',
  )
  t.equal(bound?.state, 'missed')
  t.strictSame(bound && worst(bound).map(({ value }) => value), [21, 19, 17])
})

void t.test('processor time is judged at the level nearest to 100', async t => {
  const cpu = (streams: number, value: number): Sample[] => [
    ...thrice('sqlite', 'sse', { measure: 'cpu', value, streams }),
    ...thrice('raw', 'sse', { measure: 'cpu', value: 10, streams }),
  ]
  const bound = find([...cpu(1, 50), ...cpu(80, 15), ...cpu(1000, 50)], 'sqlite-cpu')
  t.equal(bound?.state, 'met')
  t.equal(bound?.parts[0]?.streams, 80)
})

void t.test('added latency is judged at 1,000 streams and at no other level', async t => {
  const latency = (streams: number, p50: number): Sample[] => [
    ...thrice('memory', 'sse', { measure: 'latency', value: spreadOf(p50, 9), streams }),
    ...thrice('direct', 'sse', { measure: 'latency', value: spreadOf(1, 5), streams }),
  ]
  t.equal(find(latency(1000, 1.5), 'latency-p50')?.state, 'met')
  t.equal(find(latency(1000, 1.6), 'latency-p50')?.state, 'missed')
  t.equal(find(latency(1000, 1.5), 'latency-p99')?.parts[0]?.value, 4)
  t.equal(find(latency(100, 1.5), 'latency-p50')?.state, 'not measured')
})

void t.test('one event lost in one round is one too many', async t => {
  const lost = { measure: 'lost', server: 'memory', transport: 'sse' } as const
  t.equal(find(samplesOf(lost, [0, 0, 0]), 'lost')?.state, 'met')
  t.equal(find(samplesOf(lost, [0, 0, 1]), 'lost')?.state, 'missed')
  t.equal(
    find(samplesOf({ ...lost, server: 'obvious' }, [7]), 'lost')?.state,
    'not measured',
    'and baselines may',
  )
})

void t.test('a whole run leaves no bound unmeasured', async t => {
  const bounds = boundsOf(toReport(madeRun()))
  t.strictSame(
    bounds.filter(({ state }) => state === 'not measured').map(({ name }) => name),
    [],
  )
  t.strictSame(
    bounds.filter(({ state }) => state === 'missed').map(({ name }) => name),
    ['short-cpu'],
    'and this one is made to miss one',
  )
})
