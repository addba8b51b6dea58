/** The race as a function of what happens on its lanes: figures, who was first, and the books. */
import t from 'tap'
import { checkOf, figuresOf, isClose, leadOf } from '../../web/race/figures.ts'
import { namesOf, tonesOf } from '../../web/race/names.ts'
import { canStart } from '../../web/race/reduce.ts'
import { middleOf, roundOf } from '../../web/race/series.ts'
import type { State } from '../../web/race/state.ts'
import { advance, ceiling, noTrack, speeds } from '../../web/race/track.ts'
import { weightOf } from '../../web/race/weight.ts'
import { speech } from '../../web/race/words.ts'
import { away, done, fresh, items, model, off, race, reset, run, text, usage } from './racing.ts'

function shown({ race }: State) {
  if (!race) throw new Error('There is no race.')
  return race
}
const lanesOf = (state: State) => shown(state).lanes

t.test('a race lines up who was chosen, each with a question of no conversation', async t => {
  const { running, race } = run(fresh(), { type: 'lined-up' })
  t.equal(running, true)
  t.strictSame(
    race?.lanes.map(({ entrant }) => entrant),
    [
      { transport: 'sse', model: 'one' },
      { transport: 'websocket', model: 'one' },
    ],
    'the server’s choice by its name',
  )
  t.strictSame(race?.lanes[0].live.asked?.body, {
    messages: [{ role: 'user', content: 'count' }],
    model: 'one',
  })
})

t.test('a race needs a question and somebody to answer it', async t => {
  const [prompt, none] = [{ type: 'prompt', text: ' \n' } as const, model('one', { ready: false })]
  t.strictSame(
    [fresh(), run(fresh(), prompt), fresh([none]), run(fresh(), { type: 'lined-up' })].map(
      canStart,
    ),
    [true, false, false, false],
  )
})

t.test('figures are taken from the lane’s own start', async t => {
  const begun = run(fresh(), { type: 'lined-up' }, off(0, 1000), off(1, 1003))
  const [before] = lanesOf(begun)
  t.match(figuresOf(before, 1500), {
    firstMs: undefined,
    totalMs: 500,
    tokens: 0,
    average: undefined,
  })
  const [lane] = lanesOf(
    run(begun, items(0, 1040, text(1)), items(0, 2040, text(2, 'a'.repeat(40)))),
  )
  t.match(figuresOf(lane, 3040), {
    firstMs: 40,
    totalMs: 2040,
    tokens: 11,
    guessed: true,
    average: 5.5,
    speed: 0,
    bytes: 2040,
    bytesPerToken: 2040 / 11,
  })
  t.equal(figuresOf(lane, 2540).speed, 10, 'of the last second')
  const [ended] = lanesOf(run({ ...begun }, items(0, 2000, text(1), usage(2, 20), done(3))))
  t.match(figuresOf(ended, 9000), { totalMs: 1000, tokens: 20, guessed: false, speed: undefined })
})

t.test('a guess of tokens takes scripts as they are', async t => {
  t.equal(weightOf('four'), 1)
  t.equal(Math.round(weightOf('数到三百数到三百数到')), 7)
})

t.test('who is first is told by each lane’s own time, and not below a millisecond', async t => {
  const lead = (...actions: Parameters<typeof race>) => {
    const state = shown(run(fresh(), ...race(...actions)))
    return [leadOf(state, 'firstAt'), leadOf(state, 'endedAt')]
  }
  t.strictSame(lead([1010, 1013], [1500, 1490]), [
    { lane: 0, byMs: 3 },
    { lane: 1, byMs: 10 },
  ])
  t.match(lead([1010, 1010.5], [1500, 1500]), [{ lane: undefined }, { lane: undefined, byMs: 0 }])
  const half = run(fresh(), ...race([1010, 1013], [1500, 1490]).slice(0, 6))
  t.equal(leadOf(shown(half), 'endedAt'), undefined, 'while one of them is on its way')
})

t.test('the books show what is lost, what is doubled, and what is neither', async t => {
  const start = run(fresh(), { type: 'lined-up' }, off(0, 0), off(1, 0))
  const check = (...seqs: readonly number[]) => {
    const one = seqs.map(seq => items(0, 1, text(seq)))
    return checkOf(shown(run(start, ...one, items(0, 2, done(9)), items(1, 2, done(1)))))
  }
  t.match(check(1, 2, 3, 4, 5, 6, 7, 8), { events: 10, lost: 0, doubled: 0 })
  t.match(check(1, 2, 5, 6, 7, 8), { lost: 2, doubled: 0 })
  t.match(check(1, 2, 2, 1, 3, 4, 5, 6, 7, 8), { lost: 0, doubled: 2 })
  const anew = run(
    start,
    items(0, 1, text(1), text(2), reset, text(1), done(2)),
    items(1, 1, done(1)),
  )
  t.match(checkOf(shown(anew)), { lost: 0, doubled: 0 }, 'a log that begins again')
})

t.test('the texts are held against each other and against the server’s records', async t => {
  const over = run(fresh(), ...race([1010, 1013], [1500, 1490]))
  t.match(checkOf(shown(over)), { alike: true, faithful: undefined })
  const one = run(over, { type: 'recorded', lane: 0, record: 'same' })
  t.match(checkOf(shown(one)), { faithful: undefined }, 'while one record is not read')
  const both = run(one, { type: 'recorded', lane: 1, record: 'same' })
  t.match(checkOf(shown(both)), { faithful: true })
  const bad = run(both, { type: 'recorded', lane: 1, record: 'different' })
  t.match(checkOf(shown(bad)), { faithful: false })
})

t.test('a connection is away from its loss to the next event', async t => {
  const lost = run(
    fresh(),
    { type: 'lined-up' },
    off(0, 0),
    items(0, 10, text(1)),
    away(0, 100),
    away(0, 900),
  )
  t.match(figuresOf(lanesOf(lost)[0], 1100), { resumes: 0, awayMs: 1000 })
  const back = run(lost, items(0, 2100, text(2)), items(0, 2200, text(3)))
  t.match(figuresOf(lanesOf(back)[0], 5000), { resumes: 1, awayMs: 2000 })
})

t.test('a lane that fails or is given up ends, and one that has ended stays as it is', async t => {
  const start = run(fresh(), { type: 'lined-up' }, off(0, 0), off(1, 0))
  const notice = { code: 'unreachable', message: 'x' }
  const lost = run(
    start,
    { type: 'lost', lane: 0, at: 5, bytes: 0, notice },
    { type: 'given-up', lane: 0, at: 9, bytes: 0 },
    { type: 'given-up', lane: 1, at: 9, bytes: 0 },
  )
  t.match(lanesOf(lost), [
    { live: { end: { type: 'failed', code: 'unreachable' } }, endedAt: 5 },
    { live: { end: { type: 'done', reason: 'stopped' } }, endedAt: 9 },
  ])
  t.equal(leadOf(shown(lost), 'endedAt'), undefined, 'nobody won')
  t.match(checkOf(shown(lost)), { alike: undefined })
})

t.test('stop is of one lane or of both', async t => {
  const start = run(fresh(), { type: 'lined-up' })
  const stopping = (lane: 0 | 1 | undefined) =>
    lanesOf(run(start, { type: 'stop', lane })).map(({ live }) => live.stopping)
  t.strictSame(
    [stopping(0), stopping(1), stopping(undefined)],
    [
      [true, false],
      [false, true],
      [true, true],
    ],
  )
})

t.test('nothing is drawn while what is compared may be due', async t => {
  const [lineUp, ...rest] = race([1050, 1090], [1500, 1590])
  const at = (count: number, now: number) =>
    isClose(shown(run(fresh(), lineUp ?? { type: 'over' }, ...rest.slice(0, count))), now)
  t.strictSame([at(0, 1000), at(2, 1001), at(2, 1101)], [false, true, false], 'after the start')
  t.strictSame([at(3, 1060), at(3, 1151), at(4, 1091)], [true, false, false], 'at the first tokens')
  t.strictSame([at(5, 1510), at(5, 1601), at(6, 1591)], [true, false, false], 'at the ends')
})

t.test('the presets set both lanes, and each lane can be set by itself', async t => {
  const models = run(fresh(), { type: 'mode', mode: 'models' })
  t.match(models.entrants, [
    { transport: 'sse', model: 'one' },
    { transport: 'sse', model: 'two' },
  ])
  t.strictSame(namesOf(models.entrants, models.models, speech.en), ['ONE', 'TWO'])
  t.strictSame(tonesOf(models.entrants), ['sse', 'websocket'])
  const own = run(models, { type: 'enter', lane: 1, entrant: { transport: 'websocket' } })
  t.strictSame(namesOf(own.entrants, own.models, speech.en), ['SSE', 'WebSocket'])
  const back = run(own, { type: 'mode', mode: 'transports' })
  t.match(back.entrants, [{ model: 'one' }, { transport: 'websocket', model: 'one' }])
  const lonely = run(fresh([model('one'), model('two', { ready: false })]), {
    type: 'mode',
    mode: 'models',
  })
  t.match(lonely.entrants, [{ model: 'one' }, { model: 'one' }])
  t.strictSame(namesOf(lonely.entrants, lonely.models, speech.en), ['Lane 1', 'Lane 2'])
})

t.test('who races cannot be changed on the way; swapping takes the figures along', async t => {
  const running = run(fresh(), { type: 'lined-up' })
  for (const type of ['swap', 'mode'] as const)
    t.strictSame(run(running, type === 'swap' ? { type } : { type, mode: 'models' }), running)
  const over = run(fresh(), ...race([1010, 1013], [1500, 1490]), { type: 'over' })
  const swapped = run(over, { type: 'swap' })
  t.equal(swapped.entrants[0].transport, 'websocket')
  t.strictSame(lanesOf(swapped), lanesOf(over).toReversed())
  t.equal(run(over, { type: 'mode', mode: 'models' }).race, undefined, 'nor with others')
})

t.test('a series keeps whole races, and says what is in their middle', async t => {
  const one = (first: number) => [...race([1000 + first, 1000 + first / 2], [2000, 2000])]
  const begun = run(fresh(), { type: 'begun', of: 5 }, ...one(10), { type: 'counted' })
  const more = run(begun, ...one(30), { type: 'counted' }, ...one(20), { type: 'counted' })
  const stopped = run(more, { type: 'lined-up' }, { type: 'counted' }, { type: 'over' })
  if (!stopped.series) throw new Error('There is no series.')
  t.equal(stopped.series.rounds.length, 3)
  t.match(middleOf(stopped.series, 'firstMs'), {
    lanes: [
      { median: 20, min: 10, max: 30 },
      { median: 10, min: 5, max: 15 },
    ],
    ratio: { median: 0.5 },
  })
  t.equal(run(fresh(), { type: 'begun', of: 5 }, { type: 'over' }).series, undefined)
  t.equal(roundOf(shown(run(fresh(), { type: 'lined-up' }))), undefined)
})

t.test('a track holds any race in a bounded number of steps, and loses nothing', async t => {
  let track = noTrack
  for (let ms = 0; ms < 600_000; ms += 100) track = advance(track, ms, 1)
  t.ok(track.tokens.length <= 120)
  t.equal(
    track.tokens.reduce((sum, tokens) => sum + tokens, 0),
    6000,
  )
  t.strictSame([...new Set(speeds(track, 600_000).slice(0, -1))], [10])
  t.strictSame(
    speeds(advance(noTrack, 600, 5), 900),
    [0, 0, 20],
    'a step that is not over is not told',
  )
  t.equal(ceiling([40, 40, 40, 0, 0, 900]), 80, 'a burst does not hide the rest')
  t.equal(ceiling([]), 1)
})
