/** A short campaign; main.ts runs long ones. */
import t from 'tap'
import { fuzz } from './fuzz.ts'

const SECONDS = 4
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)

t.test(`${SECONDS} s of spoiled bytes do no harm (FUZZ_SEED=${seed})`, async t => {
  const { connections, answers } = await fuzz({ seed, seconds: SECONDS })
  t.comment(`${connections} connections, ${answers} answers beside them`)
  t.ok(connections > 50)
  t.ok(answers > 0)
})
