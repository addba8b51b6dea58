/** Tokens of an identity provider: who is let in by them, and what becomes of the provider's faults. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { exportSPKI, importJWK } from 'jose'
import t, { type Test } from 'tap'
import WebSocket from 'ws'
import type { ConversationPage } from '../src/transports/views.ts'
import { type BuildOptions, build } from './support/app.ts'
import { fakeClock } from './support/clock.ts'
import { startIssuer } from './support/issuer.ts'
import { sseWire } from './support/wire-sse.ts'
import { websocketWire } from './support/wire-websocket.ts'
import { take } from './support/wire.ts'

async function scene(t: Test, options: BuildOptions = {}) {
  const issuer = await startIssuer(t)
  const app = await build(t, { ...options, env: { ...issuer.env, ...options.env } })
  const ask = (token: string): Promise<Response> =>
    fetch(`${app.url}/api/ai/chat/conversations`, {
      headers: { authorization: `Bearer ${token}` },
    })
  return { issuer, app, ask, status: async (token: string) => (await ask(token)).status }
}

const HOUR = 3_600_000

t.test('lets in who has a token, by header and beside the sub-protocol', async t => {
  const { issuer, app, status } = await scene(t, { env: { API_KEYS: 'key' } })
  const token = await issuer.token()
  t.equal(await status(token), 200)
  const address = `${app.url.replace('http', 'ws')}/api/ai/chat/websocket`
  const socket = new WebSocket(address, ['chatai.v1', `bearer.${token}`])
  await once(socket, 'open')
  t.equal(socket.protocol, 'chatai.v1')
  socket.close()
  t.equal(await status('key'), 200, 'keys are as good as before')
  t.equal(await status('other'), 401)
})

t.test('takes keys of each kind that it says it takes', async t => {
  const clock = fakeClock()
  const { issuer, status } = await scene(t, { clock })
  for (const alg of ['RS256', 'ES256', 'EdDSA']) {
    await issuer.rotate(alg)
    clock.move(60_000)
    t.equal(await status(await issuer.token({}, { at: clock.date() })), 200, alg)
  }
  for (const alg of ['RS512', 'PS256', 'ES384']) {
    await issuer.rotate(alg)
    clock.move(60_000)
    t.equal(await status(await issuer.token({}, { at: clock.date() })), 401, alg)
  }
})

t.test('refuses what is for somebody else, by somebody else, or not for now', async t => {
  const { issuer, status } = await scene(t)
  const now = Math.floor(Date.now() / 1000)
  const bad: Record<string, unknown>[] = [
    { aud: 'another' },
    { aud: [] },
    { aud: undefined },
    { iss: 'https://evil.example' },
    { iss: undefined },
    { exp: now - 60 },
    { exp: undefined },
    { nbf: now + 60 },
    { sub: undefined },
    { sub: '' },
    { exp: 'never' },
    { sub: { $ne: '' } },
  ]
  for (const change of bad)
    t.equal(await status(await issuer.token(change)), 401, JSON.stringify(change))
  for (const good of [{ aud: ['x', 'chatai'] }, { nbf: now + 5 }, { exp: now - 5 }]) {
    t.equal(await status(await issuer.token(good)), 200, JSON.stringify(good))
  }
})

t.test('says of a token that has ended that it has', async t => {
  const { issuer, ask } = await scene(t)
  const response = await ask(await issuer.token({ exp: 1 }))
  t.equal(response.headers.get('www-authenticate'), 'Bearer')
  t.match(await response.json(), { error: { code: 'unauthorized', message: /has ended/ } })
})

t.test('is not confused about who signs, and how', async t => {
  const { issuer, status } = await scene(t)
  const [key] = issuer.keys
  if (key === undefined) throw new Error('unreachable')
  const [, payload, signature] = (await issuer.token()).split('.')
  const head = (header: object): string => Buffer.from(JSON.stringify(header)).toString('base64url')
  const publicKey = await importJWK(key.jwk, 'RS256')
  const secrets = [
    JSON.stringify(key.jwk),
    key.jwk.n ?? '',
    publicKey instanceof Uint8Array ? '' : await exportSPKI(publicKey),
  ]
  const forged = secrets.map(secret => {
    const text = `${head({ alg: 'HS256', kid: key.kid })}.${payload}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  })
  const own = await issuer.token({}, { header: { jwk: key.jwk, jku: 'https://evil.example' } })
  t.equal(await status(own), 200, 'what a token says of keys is not looked at')
  const stranger = await startIssuer(t)
  const [other] = stranger.keys
  for (const token of [
    ...forged,
    `${head({ alg: 'none', kid: key.kid })}.${payload}.`,
    `${head({ alg: 'None', kid: key.kid })}.${payload}.${signature}`,
    `${head({ alg: 'ES256', kid: key.kid })}.${payload}.${signature}`,
    `${head({ alg: 'RS256', kid: key.kid, crit: ['exp'] })}.${payload}.${signature}`,
    `${head({ alg: 'RS256', kid: key.kid })}.${payload}.`,
    await issuer.token({}, { key: { ...key, ...other, kid: key.kid } }),
    'a.b.c',
    '..',
  ]) {
    t.equal(await status(token), 401, token.slice(0, 60))
  }
})

t.test('what one person makes does not exist for another, whichever token they have', async t => {
  const { issuer, app, ask } = await scene(t)
  const ada = await issuer.token()
  const reader = await sseWire(app.url, ada).start({ message: 'x' })
  await take(reader, 1)
  const listed = async (token: string): Promise<number> =>
    ((await (await ask(token)).json()) as ConversationPage).conversations.length
  const again = await issuer.token({ exp: Math.floor(Date.now() / 1000) + 60 })
  const bob = await issuer.token({ sub: 'bob' })
  t.equal(await listed(again), 1, 'a new token, the same person')
  t.equal(await listed(bob), 0)
  for (const wire of [sseWire(app.url, bob), websocketWire(t, app.url, bob)]) {
    await t.rejects(wire.stop(reader.generation), { code: 'not_found' })
  }
})

t.test('follows the provider when it changes its keys', async t => {
  const clock = fakeClock()
  const { issuer, status } = await scene(t, { clock })
  const old = await issuer.token({ exp: 10 * HOUR })
  t.equal(await status(old), 200)
  clock.move(60_000)
  await issuer.rotate('ES256')
  t.equal(await status(await issuer.token({}, { at: clock.date() })), 200, 'at the first sight')
  t.equal(await status(old), 200, 'and the other one is still there')
  t.equal(issuer.requests, 2)
  await issuer.rotate('ES256', 'alone')
  clock.move(HOUR)
  await status(old)
  while (issuer.requests < 3) await new Promise(setImmediate)
  let withdrawn = 200
  while (withdrawn === 200) withdrawn = await status(old)
  t.equal(withdrawn, 401, 'a key that was withdrawn is of no use')
})

t.test('tokens of unknown keys are no flood for the provider', async t => {
  const clock = fakeClock()
  const { issuer, status } = await scene(t, { clock, env: { WRONG_KEYS_PER_MINUTE: '1000' } })
  const unknown = (i: number): Promise<string> => issuer.token({}, { header: { kid: `no-${i}` } })
  const flood = async (): Promise<number[]> =>
    Promise.all(Array.from({ length: 100 }, async (_, i) => status(await unknown(i))))
  t.same(new Set(await flood()), new Set([401]))
  t.equal(issuer.requests, 1)
  clock.move(11_000)
  await flood()
  t.equal(issuer.requests, 2, 'once in a while it may be a new key')
})

t.test('a provider that fails takes nobody out, and nobody in', async t => {
  const clock = fakeClock()
  const { issuer, ask, status } = await scene(t, { clock })
  const good = await issuer.token({ exp: 100 * HOUR })
  issuer.mood = 'failing'
  const refused = await ask(good)
  t.equal(refused.status, 503, 'nobody knows')
  t.equal(refused.headers.get('retry-after'), '10')
  t.match(await refused.json(), { error: { code: 'overloaded', retryAfter: 10 } })
  await Promise.all(Array.from({ length: 50 }, () => status(good)))
  t.equal(issuer.requests, 1, 'and it is not asked at each request')
  issuer.mood = 'well'
  clock.move(11_000)
  t.equal(await status(good), 200)
  const other = await issuer.rotate('ES256')
  for (const mood of ['failing', 'garbage', 'cutting'] as const) {
    issuer.mood = mood
    clock.move(HOUR)
    t.equal(await status(good), 200, `${mood}: a known key goes on`)
    t.equal(await status(await issuer.token({ exp: 100 * HOUR }, { key: other })), 503, mood)
    t.equal(await status(await issuer.token({ exp: 1 })), 503)
  }
  issuer.mood = 'well'
  clock.move(HOUR)
  t.equal(await status(await issuer.token({ exp: 100 * HOUR }, { key: other })), 200)
})

t.test('nobody waits for new keys who has a token of an old one', async t => {
  const clock = fakeClock()
  const { issuer, status } = await scene(t, { clock })
  const token = await issuer.token({}, { at: clock.date() })
  t.equal(await status(token), 200)
  clock.move(HOUR / 2)
  issuer.mood = 'silent'
  t.equal(await status(token), 200)
  while (issuer.requests < 2) await turn()
  t.equal(issuer.held, 1, 'the provider is asked, and has not answered')
})

t.test('settings that would trust anybody stop the start', async t => {
  const { env } = await startIssuer(t)
  for (const name of Object.keys(env)) {
    const { [name]: _, ...rest } = env
    await t.rejects(build(t, { env: rest }), { message: /need each other/ }, name)
  }
  for (const JWT_JWKS_URL of ['http://example.com/keys', 'ftp://x', 'http://127.0.0.1.evil.com/']) {
    await t.rejects(build(t, { env: { ...env, JWT_JWKS_URL } }), { message: /JWT_JWKS_URL/ })
  }
})
