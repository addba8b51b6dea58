import t from 'tap'

import { boundsOf } from '../../src/bench/report/bounds.ts'
import { toHtml } from '../../src/bench/report/html.ts'
import { findComparison, findFigure, nearest } from '../../src/bench/report/lookup.ts'
import { toMarkdown } from '../../src/bench/report/markdown.ts'
import { toReadme } from '../../src/bench/report/readme.ts'
import { toReport } from '../../src/bench/report/report.ts'
import { toTerminal } from '../../src/bench/report/terminal.ts'
import { verdictsOf } from '../../src/bench/report/verdicts.ts'
import { madeRun, runOf, samplesOf, spreadOf } from './made-run.ts'

const cpu = { measure: 'cpu', statistic: 'value', streams: 100 } as const
const latency = { measure: 'latency', statistic: 'p99', streams: 1000 } as const
const sqlite = { server: 'sqlite', transport: 'sse' } as const
const socket = { server: 'sqlite', transport: 'websocket' } as const

void t.test('a figure is the median of the rounds with its ends', async t => {
  const report = toReport(runOf(samplesOf({ ...sqlite, ...cpu }, [40, 60, 44])))
  t.strictSame(findFigure(report, { ...sqlite, ...cpu })?.range, {
    median: 44,
    min: 40,
    max: 60,
    rounds: 3,
  })
})

void t.test('of a spread there are its p50 and its p99', async t => {
  const report = toReport(
    runOf(samplesOf({ ...sqlite, ...latency }, [spreadOf(1, 5), spreadOf(3, 9), spreadOf(2, 7)])),
  )
  t.equal(report.figures.length, 2)
  t.equal(findFigure(report, { ...sqlite, ...latency })?.range.median, 7)
  t.equal(findFigure(report, { ...sqlite, ...latency, statistic: 'p50' })?.range.median, 2)
})

void t.test('a ratio is the median of the ratios of the rounds', async t => {
  const report = toReport(
    runOf([
      ...samplesOf({ ...sqlite, ...cpu }, [10, 100, 20]),
      ...samplesOf({ ...socket, ...cpu }, [20, 90, 20]),
    ]),
  )
  const found = findComparison(report, { ...socket, ...cpu }, { server: 'sqlite' })
  t.strictSame(found?.range, { median: 1, min: 0.9, max: 2, rounds: 3 })
  t.strictSame(found?.to, sqlite)
})

void t.test('there is no ratio of nothing, nor of memory that was given back', async t => {
  const grown = { measure: 'slow-memory', streams: 100, statistic: 'value' } as const
  const report = toReport(
    runOf([
      ...samplesOf({ ...sqlite, ...grown }, [0, 4, -8, 2]),
      ...samplesOf({ ...socket, ...grown }, [3, -300, -2, 3]),
    ]),
  )
  const found = findComparison(report, { ...socket, ...grown }, { server: 'sqlite' })
  t.strictSame(found?.range, { median: 1.5, min: 1.5, max: 1.5, rounds: 1 })
})

void t.test('is compared with the raw pipe and the obvious loop on the same transport', async t => {
  const raw = { server: 'raw', transport: 'websocket' } as const
  const obvious = { server: 'obvious', transport: 'sse' } as const
  const report = toReport(
    runOf([
      ...samplesOf({ ...socket, ...cpu }, [40]),
      ...samplesOf({ ...raw, ...cpu }, [32]),
      ...samplesOf({ ...obvious, ...cpu }, [80]),
    ]),
  )
  const at = { ...socket, ...cpu }
  t.equal(findComparison(report, at, { server: 'raw' })?.range.median, 1.25)
  t.equal(findComparison(report, at, { server: 'obvious' }), undefined, 'which is SSE here')
  t.notOk(findComparison(report, { ...raw, ...cpu }, { server: 'obvious' }), 'baselines are not')
})

void t.test('what is added to the upstream is a difference, whatever the transport', async t => {
  const direct = { server: 'direct', transport: 'sse' } as const
  const report = toReport(
    runOf([
      ...samplesOf({ ...socket, ...latency }, [spreadOf(1, 5), spreadOf(1, 9), spreadOf(1, 6)]),
      ...samplesOf({ ...direct, ...latency }, [spreadOf(1, 2), spreadOf(1, 4), spreadOf(1, 3)]),
    ]),
  )
  const found = findComparison(report, { ...socket, ...latency }, { server: 'direct' })
  t.equal(found?.by, 'difference')
  t.strictSame(found?.range, { median: 3, min: 3, max: 5, rounds: 3 })
})

void t.test('nothing that is lost in a round is forgotten', async t => {
  const lost = { ...sqlite, measure: 'lost' } as const
  const report = toReport(runOf([...samplesOf(lost, [0, 2, 0]), ...samplesOf(lost, [0, 0, 0])]))
  t.equal(report.figures[0]?.range.max, 2)
})

void t.test('the level is the nearest in proportion, and rather the higher', async t => {
  t.equal(nearest([1, 50, 1000], 100), 50)
  t.equal(nearest([1, 1000], 100), 1000)
  t.equal(nearest([10, 1000], 100), 1000)
  t.equal(nearest([0], 100), 0)
  t.equal(nearest([], 100), undefined)
})

void t.test('the same run makes the same report, in the order of reading', async t => {
  const run = madeRun()
  const report = toReport(run)
  t.strictSame(toReport({ ...run, samples: run.samples.toReversed() }).figures, report.figures)
  t.equal(report.figures[0]?.server, 'sqlite')
})

void t.test('a run of less makes less of a report, but makes one', async t => {
  const { samples } = madeRun()
  const runs = {
    'of nothing': [],
    'of one sample': samples.slice(0, 1),
    'of one transport': samples.filter(({ transport }) => transport === 'sse'),
    'of one server': samples.filter(({ server }) => server === 'memory'),
    'of baselines': samples.filter(({ server }) => server === 'raw' || server === 'direct'),
    'of one measure': samples.filter(({ measure }) => measure === 'stop'),
    'of no round that is whole': samples.filter(
      ({ round, transport }) => (round % 2 === 0) === (transport === 'sse'),
    ),
    'of spreads of nothing': samples.map(sample => ({
      ...sample,
      value: { count: 0, quantiles: [] },
    })),
  }
  for (const [name, some] of Object.entries(runs)) {
    const run = runOf(some, { partial: true })
    const report = toReport(run)
    t.doesNotThrow(() => boundsOf(report), name)
    t.doesNotThrow(() => verdictsOf(report), name)
    t.match(toMarkdown(report, 'zh'), '提前结束', name)
    t.match(toReadme(report, 'en'), 'npm run bench', name)
    t.match(toTerminal(report, { columns: 80, colour: false }), 'ended early', name)
    const page = toHtml(report, run)
    t.match(page, 'ended early', name)
    t.notMatch(page, /NaN|undefined|Infinity/, name)
  }
})
