import t from 'tap'

import { type Topic, topics } from '../../src/bench/report/judges.ts'
import { verdictTable } from '../../src/bench/report/markdown.ts'
import { toReport } from '../../src/bench/report/report.ts'
import { type Verdict, verdictsOf } from '../../src/bench/report/verdicts.ts'
import { type Measure, measures, type Sample, type Server } from '../../src/bench/run.ts'
import { madeRun, runOf, samplesOf, spreadOf } from './made-run.ts'

/** What SSE and WebSocket showed, in every round or round by round. */
type Figures = Readonly<Partial<Record<Measure, readonly [Rounds, Rounds]>>>
type Rounds = number | readonly number[]

const samplesFor = (figures: Figures, server: Server = 'sqlite'): Sample[] =>
  Object.entries(figures).flatMap(([name, both]) => {
    const measure = name as Measure
    return both.flatMap((rounds, at) => {
      const values = typeof rounds === 'number' ? [rounds, rounds, rounds] : rounds
      return samplesOf(
        { server, transport: at === 0 ? 'sse' : 'websocket', measure, streams: 100 },
        values.map(value => (measures[measure].spread ? spreadOf(value) : value)),
      )
    })
  })

function judge(topic: Topic, figures: Figures): Verdict {
  const verdict = verdictsOf(toReport(runOf(samplesFor(figures)))).find(one => one.topic === topic)
  if (verdict === undefined) throw new Error(`There is no row about ${topic}.`)
  return verdict
}

const outcome = (topic: Topic, figures: Figures): string => judge(topic, figures).outcome

void t.test('direction: one way is a cost if the way back is felt', async t => {
  const same: Figures = { stop: [2, 2], turns: [30, 30], 'turn-bytes': [900, 880] }
  t.equal(outcome('direction', same), 'refuted')
  t.equal(outcome('direction', { ...same, 'turn-bytes': [2000, 900] }), 'depends')
  t.equal(outcome('direction', { ...same, stop: [40, 2] }), 'confirmed')
  t.equal(outcome('direction', { ...same, turns: [300, 30] }), 'confirmed')
  t.equal(outcome('direction', { ...same, stop: [4, 2] }), 'refuted', 'nobody feels 2 ms')
  t.equal(outcome('direction', { ...same, turns: [90, 30] }), 'refuted', 'nor 6 ms a turn')
})

void t.test('overhead: WebSocket is lighter in all, in none, or in some', async t => {
  const light: Figures = { bytes: [118, 84], 'turn-bytes': [2900, 1700], cpu: [45, 38] }
  t.equal(outcome('overhead', light), 'confirmed')
  t.equal(outcome('overhead', { ...light, cpu: [45, 43] }), 'depends')
  t.equal(
    outcome('overhead', { bytes: [118, 120], 'turn-bytes': [900, 900], cpu: [45, 60] }),
    'refuted',
  )
})

void t.test('what the rounds do not agree on is no difference', async t => {
  const light: Figures = { bytes: [118, 84], 'turn-bytes': [2900, 1700] }
  t.equal(
    outcome('overhead', {
      ...light,
      cpu: [
        [45, 45, 45],
        [30, 30, 50],
      ],
    }),
    'depends',
  )
  t.equal(
    outcome('overhead', {
      ...light,
      cpu: [
        [45, 45, 45],
        [30, 30, 44],
      ],
    }),
    'confirmed',
  )
})

void t.test('format: what is text gains nothing, unless most of it was the format', async t => {
  t.equal(outcome('format', { bytes: [118, 115] }), 'refuted')
  t.equal(outcome('format', { bytes: [90, 120] }), 'refuted')
  t.equal(outcome('format', { bytes: [118, 84] }), 'depends')
  t.equal(outcome('format', { bytes: [118, 40] }), 'confirmed')
})

void t.test('reconnection: whoever loses less, however soon they come back', async t => {
  const same: Figures = { resume: [80, 3], storm: [400, 900], lost: [0, 0] }
  t.equal(outcome('reconnection', same), 'depends')
  t.equal(outcome('reconnection', { ...same, lost: [0, [0, 0, 4]] }), 'confirmed')
  t.equal(outcome('reconnection', { ...same, lost: [4, 0] }), 'refuted')
  t.equal(outcome('reconnection', { ...same, lost: [4, 4] }), 'depends')
})

void t.test('load: WebSocket is heavier in all, in none, or in some', async t => {
  const heavy: Figures = { cpu: [40, 60], 'idle-memory': [11, 17], 'live-memory': [30, 50] }
  t.equal(outcome('load', heavy), 'confirmed')
  t.equal(outcome('load', { ...heavy, 'idle-memory': [17, 11] }), 'depends')
  t.equal(
    outcome('load', { cpu: [40, 41], 'idle-memory': [17, 11], 'live-memory': [30, 30] }),
    'refuted',
  )
})

void t.test('concurrency: less latency and more tokens', async t => {
  const better: Figures = { latency: [9, 5], saturation: [40_000, 60_000] }
  t.equal(outcome('concurrency', better), 'confirmed')
  t.equal(outcome('concurrency', { ...better, latency: [5, 5] }), 'depends')
  t.equal(outcome('concurrency', { latency: [5, 9], saturation: [60_000, 40_000] }), 'refuted')
})

void t.test('concurrency is judged where there are most', async t => {
  const few = samplesFor({ latency: [1, 9], saturation: [1, 1] })
  const many = samplesFor({ latency: [9, 5] }).map(sample => ({ ...sample, streams: 1000 }))
  const verdicts = verdictsOf(toReport(runOf([...few, ...many])))
  const verdict = verdicts.find(({ topic }) => topic === 'concurrency')
  t.equal(verdict?.outcome, 'depends')
  t.match(verdict?.text.en.sentence, /1,000 at once .* 9\.00 ms .* 5\.00 ms/)
})

void t.test('uses: follows from the rows above', async t => {
  const same: Figures = {
    stop: [2, 2],
    turns: [30, 30],
    'turn-bytes': [900, 900],
    bytes: [90, 90],
    cpu: [40, 40],
    latency: [5, 5],
    saturation: [60_000, 60_000],
  }
  t.equal(outcome('uses', same), 'refuted')
  t.equal(outcome('uses', { ...same, cpu: [40, 30] }), 'depends')
  t.equal(outcome('uses', { ...same, stop: [50, 2] }), 'confirmed')
})

void t.test('a row whose figures are not in the run is not judged, and says so', async t => {
  for (const { outcome, server, text } of verdictsOf(toReport(runOf([])))) {
    t.equal(outcome, 'unmeasured')
    t.equal(server, undefined)
    t.match(text.en.sentence, /^Not measured in this run: /)
    t.match(text.zh.sentence, /^这次运行没有测量：/)
  }
  const { text } = judge('direction', { stop: [2, 2], turns: [30, 30] })
  t.equal(text.en.sentence, 'Not measured in this run: bytes a turn.', 'which is all it lacks')
  const table = verdictTable(toReport(runOf([])), 'en')
  t.equal(table.match(/ not measured /g)?.length, topics.length)
})

void t.test('the figures of a row are all of one server', async t => {
  const samples = [
    ...samplesFor({ stop: [2, 2] }, 'sqlite'),
    ...samplesFor({ stop: [5, 5], turns: [30, 30], 'turn-bytes': [900, 900] }, 'memory'),
  ]
  const [direction] = verdictsOf(toReport(runOf(samples)))
  t.equal(direction?.server, 'memory')
  t.match(direction?.text.en.sentence, '5.00 ms over SSE')
})

/** In no order, as each language has its own. HTTP/1.1 has none. */
const figuresIn = (sentence: string): string[] =>
  (sentence.replaceAll('HTTP/1.1', '').match(/\d+\.\d+/g) ?? []).toSorted()

void t.test('every sentence has figures, in both languages', async t => {
  for (const { topic, text } of verdictsOf(toReport(madeRun()))) {
    t.match(text.en.sentence, /\d.*\d/, topic)
    t.match(text.zh.sentence, /\d.*\d/, topic)
    t.match(text.zh.sentence, /\p{Script=Han}.*。$/u, topic)
    t.strictSame(figuresIn(text.zh.sentence), figuresIn(text.en.sentence), `${topic}: the same`)
  }
})

void t.test('compression and HTTP/2 are mentioned where they were measured', async t => {
  const sentence = (samples: readonly Sample[], topic: Topic): string | undefined =>
    verdictsOf(toReport(runOf(samples))).find(one => one.topic === topic)?.text.en.sentence
  const { samples } = madeRun()
  const plain = samples.filter(({ server }) => server !== 'deflate' && server !== 'http2')
  t.match(sentence(samples, 'format'), /permessage-deflate sends 0\.\d\d× the bytes/)
  t.notMatch(sentence(plain, 'format'), 'permessage-deflate')
  t.match(
    sentence(samples, 'concurrency'),
    /share one, which costs the raw pipe 0\.\d\d× the processor time\.$/,
  )
  t.match(sentence(plain, 'concurrency'), /six SSE streams; over HTTP\/2 they share one\.$/)
})
