/** Other machines are let in with keys only, or where the operator says that all may come. */
import t from 'tap'
import { isPublic } from '../src/config.ts'
import { failToStart, startProcess } from './support/process.ts'

t.test('knows which addresses other machines can reach', async t => {
  for (const HOST of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) {
    t.notOk(isPublic({ HOST }), HOST)
  }
  for (const HOST of ['0.0.0.0', '::', '192.168.0.1', '128.0.0.1', 'example.com', '127.evil.com']) {
    t.ok(isPublic({ HOST }), HOST)
  }
})

t.test('does not start for other machines without keys', async t => {
  const env = { STORE: 'memory', HOST: '0.0.0.0' }
  const { code, stderr } = await failToStart(env)
  t.equal(code, 1)
  t.match(stderr, /^ChatAI did not start\. With HOST 0\.0\.0\.0 .*API_KEYS.*--insecure[^\n]*\n$/)
  t.match((await failToStart(env, ['--unsafe'])).stderr, /Unknown option '--unsafe'/)
})

t.test('starts for them with a key, or where it is told to', async t => {
  const long = 'k'.repeat(16)
  for (const [env, args, warned] of [
    [{ API_KEYS: `ada:${long},${long}y` }, [], /^$/],
    [{ API_KEYS: `${long},ada-and-bob:key` }, [], /^WARNING: a key of API_KEYS [^\n]*\n$/],
    [{}, ['--insecure'], /^WARNING: anyone [^\n]*\n$/],
  ] as const) {
    const server = await startProcess({ STORE: 'memory', HOST: '0.0.0.0', ...env }, args)
    t.equal((await fetch(`${server.url}/healthz`)).status, 200)
    const places = server.greeting.match(/http:\/\/[^\s/]+/g) ?? []
    for (const place of places) t.equal((await fetch(`${place}/healthz`)).status, 200, place)
    t.equal(await server.end('SIGTERM'), 0)
    t.match(server.stderr, warned)
  }
})
