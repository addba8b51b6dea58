/** Who tries out keys is held up, and nobody else. */
import t, { type Test } from 'tap'
import { build } from './support/app.ts'

const PER_MINUTE = 5

async function scene(t: Test) {
  const env = {
    API_KEYS: 'ada:key-of-ada,bob:key-of-bob',
    WRONG_KEYS_PER_MINUTE: String(PER_MINUTE),
    TRUST_PROXY: '127.0.0.1',
  }
  const { url } = await build(t, { env })
  return async (key: string, from: string): Promise<Response> =>
    fetch(`${url}/api/ai/models`, {
      headers: { authorization: `Bearer ${key}`, 'x-forwarded-for': from },
    })
}

async function guess(t: Test, ask: Awaited<ReturnType<typeof scene>>, from: string) {
  for (let i = 0; i < PER_MINUTE; i++) t.equal((await ask(`guess ${i}`, from)).status, 401)
}

t.test('after some wrong keys nobody new is told whether theirs is right', async t => {
  const ask = await scene(t)
  t.equal((await ask('key-of-ada', '203.0.113.1')).status, 200)
  await guess(t, ask, '203.0.113.1')
  const [wrong, right] = [await ask('guess', '203.0.113.1'), await ask('key-of-bob', '203.0.113.1')]
  t.same([wrong.status, right.status], [429, 429])
  t.match(wrong.headers.get('retry-after'), /^\d+$/)
  t.same(await wrong.json(), await right.json())
  t.equal((await ask('key-of-ada', '203.0.113.1')).status, 200, 'who was there before is let in')
  t.equal((await ask('key-of-bob', '203.0.113.2')).status, 200, 'and who is elsewhere')
  t.equal((await ask('guess', '203.0.113.2')).status, 401)
})

t.test('one network of IPv6 is one address', async t => {
  const ask = await scene(t)
  for (let i = 0; i < PER_MINUTE; i++) await ask(`guess ${i}`, `2001:db8:1:2::${i}`)
  t.equal((await ask('key-of-ada', '2001:db8:1:2:ffff::1')).status, 429)
  t.equal((await ask('key-of-ada', '2001:db8:1:3::1')).status, 200)
  for (let i = 0; i < PER_MINUTE; i++) await ask(`guess ${i}`, '::ffff:203.0.113.9')
  t.equal((await ask('key-of-ada', '203.0.113.9')).status, 429, 'and one of IPv4 is itself')
})

t.test('an address that nobody vouches for is not believed, and the operator is told', async t => {
  const env = {
    API_KEYS: 'ada:key',
    WRONG_KEYS_PER_MINUTE: String(PER_MINUTE),
    LOG_LEVEL: 'warn',
  }
  const log: string[] = []
  const { url } = await build(t, { env, logTo: { write: line => void log.push(line) } })
  const statuses = []
  for (let i = 0; i <= PER_MINUTE; i++) {
    const headers = { authorization: 'Bearer guess', 'x-forwarded-for': `203.0.113.${i}` }
    statuses.push((await fetch(`${url}/api/ai/models`, { headers })).status)
  }
  t.equal(statuses.at(-1), 429)
  t.equal(log.length, 1, 'once')
  t.match(log[0], /"proxy":"127\.0\.0\.1".*TRUST_PROXY does not list this proxy/)
  t.notMatch(log[0], /203\.0\.113/)
})
