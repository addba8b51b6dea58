/** Starting and ending the real process: the greeting, bad settings, SIGTERM, restart. */
import { once } from 'node:events'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer, connect as dial } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { folderFor } from './support/folder.ts'
import { failToStart, startProcess } from './support/process.ts'
import { sseWire } from './support/wire-sse.ts'
import { connect } from './support/wire-websocket.ts'
import { rest, take, textOf, upTo } from './support/wire.ts'

t.test('greets with the address, the models that are ready, and the store', async t => {
  const file = join(folderFor(t), 'new', 'chatai.db')
  const server = await startProcess({ STORE: `sqlite:${file}`, DEEPSEEK_API_KEY: 'sk-secret' })
  t.match(server.greeting, /http:\/\/127\.0\.0\.1:\d+ .*deepseek, demo .*sqlite:/)
  t.notMatch(server.greeting, /sk-secret/)
  t.equal(statSync(file).mode & 0o777, 0o600, 'nobody else may read the store')
  t.equal(await server.end('SIGTERM'), 0)
})

t.test('a bad setting stops the start with one sentence that names it', async t => {
  const folder = folderFor(t)
  const models = join(folder, 'models.json')
  writeFileSync(models, '[{"id":"x"}]')
  const damaged = join(folder, 'damaged.db')
  writeFileSync(damaged, 'this is no database '.repeat(1000))
  const busy = createServer().listen(0, '127.0.0.1')
  await once(busy, 'listening')
  t.teardown(() => busy.close())
  const address = busy.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const wrong: readonly [Record<string, string>, RegExp][] = [
    [{ PORT: 'http' }, /PORT/],
    [{ PORT: '70000' }, /PORT/],
    [{ STORE: 'redis' }, /STORE/],
    [{ HEARTBEAT_MS: '0' }, /HEARTBEAT_MS/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL/],
    [{ MAX_BUFFER_BYTES: '1' }, /MAX_BUFFER_BYTES/],
    [{ MAX_BODY_BYTES: '4294967296' }, /MAX_BODY_BYTES/],
    [{ ALLOWED_ORIGINS: 'example.com' }, /ALLOWED_ORIGINS/],
    [{ API_KEYS: ' , ,' }, /API_KEYS/],
    [{ TRUST_PROXY: 'localhost' }, /TRUST_PROXY/],
    [{ TRUST_PROXY: '10.0.0.0/8/9' }, /TRUST_PROXY/],
    [{ TRUST_PROXY: '10.0.0.0/33' }, /TRUST_PROXY/],
    [{ LOCAL_BASE_URL: 'ftp://x' }, /LOCAL_BASE_URL/],
    [{ MODELS_FILE: join(folder, 'none.json') }, /MODELS_FILE/],
    [{ MODELS_FILE: models }, /models file/],
    [{ DEFAULT_MODEL: 'nobody' }, /nobody/],
    [{ DEFAULT_MODEL: 'chatgpt' }, /OPENAI_API_KEY/],
    [{ STORE: `sqlite:${damaged}` }, /damaged\.db/],
    [{ PORT: port, STORE: 'memory' }, /in use/],
  ]
  for (const [env, expected] of wrong) {
    const { code, stderr } = await failToStart({ STORE: 'memory', LOG_LEVEL: 'silent', ...env })
    t.equal(code, 1)
    t.match(stderr, expected)
    t.equal(stderr.trim().split('\n').length, 1, stderr)
    t.notMatch(stderr, /\n\s+at |node:/, 'no stack')
  }
})

t.test('an empty variable is an unset one', async t => {
  const server = await startProcess({ STORE: 'memory', HEARTBEAT_MS: '', OPENAI_API_KEY: '' })
  t.notMatch(server.greeting, /chatgpt/)
  t.equal(await server.end('SIGINT'), 0)
})

t.test('a second server on the same file is refused', async t => {
  const env = { STORE: `sqlite:${join(folderFor(t), 'chatai.db')}` }
  const first = await startProcess(env)
  const { code, stderr } = await failToStart({ ...env, LOG_LEVEL: 'silent' })
  t.equal(code, 1)
  t.equal(stderr.trim().split('\n').length, 1, stderr)
  await first.end('SIGKILL')
  const second = await startProcess(env)
  t.equal(await second.end('SIGTERM'), 0)
})

t.test('SIGTERM lets live answers end, refuses new ones, and closes sockets with 1001', async t => {
  const env = { STORE: 'memory', DEMO_TOKENS_PER_SECOND: '400', DRAIN_TIMEOUT_MS: '20000' }
  const server = await startProcess(env)
  const wire = sseWire(server.url)
  const line = await connect(t, server.url)
  const reader = await wire.start({ message: 'count to 300' })
  const heard = await upTo(reader, 'text')
  const closed = once(line.socket, 'close')
  const ended = server.end('SIGTERM')
  // The signal is there when readiness says so.
  while ((await fetch(`${server.url}/readyz`)).status !== 503) continue
  await t.rejects(wire.start({ message: 'x' }), { code: 'overloaded', retryAfter: 5 })
  heard.push(...(await rest(reader)))
  t.match(textOf(heard), /300/)
  t.match(heard.at(-1)?.event, { type: 'done', reason: 'complete' })
  const [code] = (await closed) as [number]
  t.equal(code, 1001)
  t.equal(await ended, 0)
})

t.test('clients that hold on do not hold up the end', async t => {
  const server = await startProcess({ STORE: 'memory' })
  const { port, hostname } = new URL(server.url)
  // As browsers do: a connection ahead of a request. And a WebSocket whose peer never closes.
  const early = dial(Number(port), hostname)
  await once(early, 'connect')
  const line = await connect(t, server.url)
  line.socket.pause()
  t.equal(await server.end('SIGTERM'), 0)
  early.destroy()
})

t.test(
  'what is not done in the grace ends as interrupted, and is so after the restart',
  async t => {
    const folder = folderFor(t)
    mkdirSync(join(folder, 'data'))
    const env = { STORE: `sqlite:${join(folder, 'data', 'chatai.db')}`, DRAIN_TIMEOUT_MS: '100' }
    const server = await startProcess(env)
    const line = await connect(t, server.url)
    const reader = await line.read({ type: 'start', message: 'a long answer' })
    const heard = await take(reader, 5)
    t.equal(await server.end('SIGTERM'), 0)
    heard.push(...(await rest(reader)))
    t.match(heard.at(-1)?.event, { type: 'failed', code: 'interrupted', retryable: true })
    const again = await startProcess(env)
    t.same(await rest(await sseWire(again.url).attach(reader.generation)), heard)
    t.equal(await again.end('SIGTERM'), 0)
  },
)
