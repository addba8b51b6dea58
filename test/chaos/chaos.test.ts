/** The short form of `npm run chaos`; a failing one is had again with CHAOS_SEED. */
import t from 'tap'
import { judge } from './judge.ts'
import { runChaos } from './run.ts'
import { summary } from './summary.ts'

const SEED = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000)

t.setTimeout(180_000)

t.test(`every promise is kept in the midst of chaos (CHAOS_SEED=${SEED})`, async t => {
  const ran = await runChaos(t, { seed: SEED, seconds: 10, actors: 8 })
  t.comment(summary(ran))
  t.same(judge(ran.history, ran.outcome), [])
  t.ok(ran.kills > 1, 'the server was killed')
  t.ok(ran.history.readings.length > 50, 'and many connections read')
})
