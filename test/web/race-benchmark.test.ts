/** The last benchmark as the page reads it: the committed run, and files that are none. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Run } from '../../src/bench/run.ts'
import { readBenchmark, rowsOf } from '../../web/race/benchmark.ts'

const text = readFileSync(new URL('../bench/bench.json', import.meta.url), 'utf8')
const run = JSON.parse(text) as Run

function rows(of: string) {
  const report = readBenchmark(of)
  if (report === 'broken') throw new Error('The run cannot be read.')
  return rowsOf(report)
}

t.test('a run is shown by what a choice is made by, of one server', async t => {
  const { server, rows: all } = rows(text)
  t.equal(server, 'sqlite')
  t.strictSame(
    all.map(({ pair }) => pair.key.measure),
    [
      'first-warm',
      'latency',
      'cpu',
      'bytes',
      'saturation',
      'short-cpu',
      'idle-memory',
      'live-memory',
      'stop',
      'resume',
      'turns',
      'lost',
    ],
  )
})

t.test(
  'the better of two is told where the rounds agree, whichever end is the good one',
  async t => {
    const turned = (measure: string): string =>
      JSON.stringify({
        ...run,
        samples: run.samples.map(sample =>
          sample.measure === measure &&
          sample.transport === 'websocket' &&
          !Object(sample.value).count
            ? { ...sample, value: 1e9 }
            : sample,
        ),
      })
    const betterIn = (of: string, measure: string) =>
      rows(of).rows.find(({ pair }) => pair.key.measure === measure)?.better
    t.equal(betterIn(text, 'bytes'), 'websocket')
    t.equal(betterIn(turned('bytes'), 'bytes'), 'sse', 'fewer bytes are better')
    t.equal(betterIn(turned('saturation'), 'saturation'), 'websocket', 'more tokens are better')
    t.equal(betterIn(text, 'lost'), undefined)
  },
)

t.test('what is measured by a later version is passed over', async t => {
  const sample = { ...run.samples[0], measure: 'joy', streams: 7 }
  const later = JSON.stringify({ ...run, samples: [...run.samples, sample] })
  t.strictSame(rows(later), rows(text))
})

t.test('a file that is no run, or half of one, is said to be so', async t => {
  const halves = [
    '',
    'null',
    '[]',
    '{}',
    text.slice(0, 5000),
    text.replace('"format":1', '"format":2'),
  ]
  const { machine: _, ...homeless } = run
  for (const half of [...halves, JSON.stringify(homeless), JSON.stringify({ ...run, at: 'then' })])
    t.equal(readBenchmark(half), 'broken', half.slice(0, 20))
})
