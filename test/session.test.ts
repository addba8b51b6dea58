/** Signing in at the page: the cookie does what the key does, for its own page and nobody else's. */
import { once } from 'node:events'
import t, { type Test } from 'tap'
import WebSocket from 'ws'
import { createSessions } from '../src/plugins/sessions.ts'
import { type BuildOptions, build } from './support/app.ts'
import { fakeClock } from './support/clock.ts'
import { startIssuer } from './support/issuer.ts'

const KEY = 'key-of-ada'
const HOUR = 3_600_000

type Headers = Readonly<Record<string, string>>

async function scene(t: Test, options: BuildOptions = {}) {
  const app = await build(t, { ...options, env: { API_KEYS: `ada:${KEY}`, ...options.env } })
  const api = `${app.url}/api/ai`
  const sign = (key: string, headers: Headers = {}): Promise<Response> =>
    fetch(`${api}/session`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, ...headers },
    })
  const cookieOf = async (key = KEY, headers: Headers = {}): Promise<string> =>
    (await sign(key, headers)).headers.get('set-cookie')?.split(';')[0] ?? ''
  const status = async (headers: Headers, init: RequestInit = {}): Promise<number> => {
    const response = await fetch(`${api}/chat/conversations`, { ...init, headers })
    await response.text()
    return response.status
  }
  const start = async (headers: Headers): Promise<number> => {
    const init = { method: 'POST', body: '{"message":"x","params":{"max_tokens":1}}' }
    const all = { 'content-type': 'application/json', ...headers }
    const response = await fetch(`${api}/chat/sse`, { ...init, headers: all })
    await response.text()
    return response.status
  }
  const dial = async (headers: Headers, origin?: string): Promise<WebSocket | number> => {
    const url = `${api.replace('http', 'ws')}/chat/websocket`
    const socket = new WebSocket(url, { headers, ...(origin !== undefined && { origin }) })
    t.teardown(() => socket.terminate())
    socket.on('error', () => undefined)
    const refused = once(socket, 'unexpected-response').then(
      ([, response]) => (response as { statusCode: number }).statusCode,
    )
    return Promise.race([refused, once(socket, 'open').then(() => socket)])
  }
  return { app, api, sign, cookieOf, status, start, dial }
}

t.test('a key is given once, and the cookie does the rest', async t => {
  const { app, sign, status, start, dial } = await scene(t)
  const response = await sign(KEY)
  t.equal(response.status, 200)
  const said = response.headers.get('set-cookie') ?? ''
  t.match(said, /^chatai-session=[\w-]{43}; Max-Age=604\d{3}; Path=\/; HttpOnly; SameSite=Strict$/)
  t.notMatch(said, new RegExp(KEY))
  const cookie = said.split(';')[0] ?? ''
  // As browsers send it: no Origin with a GET of the same page, one with everything else.
  t.equal(await status({ cookie }), 200)
  t.equal(await status({ cookie, 'sec-fetch-site': 'same-origin' }), 200)
  t.equal(await start({ cookie, origin: app.url }), 200)
  t.type(await dial({ cookie }, app.url), WebSocket)
  t.equal(await status({ cookie, authorization: 'Bearer wrong' }), 401, 'what is said counts')
  t.equal(await status({ cookie: `${cookie}x` }), 401)
})

t.test('no other page can use it', async t => {
  const site = 'https://app.example'
  const { app, cookieOf, status, start, dial } = await scene(t, { env: { ALLOWED_ORIGINS: site } })
  const cookie = await cookieOf()
  const evil = 'http://evil.example'
  const neighbour = `http://127.0.0.1:${Number(new URL(app.url).port) + 1}`
  for (const origin of [evil, 'null', neighbour, site]) {
    t.equal(await status({ cookie, origin }), 403, origin)
    t.equal(await start({ cookie, origin }), 403, origin)
    t.equal(await dial({ cookie }, origin), 403, origin)
  }
  t.equal(await status({ origin: site, authorization: `Bearer ${KEY}` }), 200, 'a key is no cookie')
  for (const where of ['same-site', 'cross-site']) {
    t.equal(await status({ cookie, 'sec-fetch-site': where }), 403, where)
  }
  t.equal(await start({ cookie }), 403, 'a browser says where a POST is from')
  t.equal(await dial({ cookie }), 403, 'and a handshake')
  t.equal(app.chat.live, 0)
})

t.test('signing out ends it, and what is open by it', async t => {
  const clock = fakeClock()
  const { app, api, cookieOf, status, dial } = await scene(t, { clock })
  const [cookie, other] = [await cookieOf(), await cookieOf()]
  const socket = await dial({ cookie }, app.url)
  if (typeof socket === 'number') throw new Error('not let in')
  const closed = once(socket, 'close')
  const out = (headers: Headers): Promise<Response> =>
    fetch(`${api}/session`, { method: 'DELETE', headers })
  t.equal((await out({ cookie })).status, 403, 'not by another page')
  const response = await out({ cookie, origin: app.url })
  t.equal(response.status, 204)
  t.match(response.headers.get('set-cookie'), /^chatai-session=; Max-Age=0;/)
  t.equal(await status({ cookie }), 401, 'whoever kept it has nothing')
  t.equal(await status({ cookie: other }), 200)
  clock.move(10_000)
  t.equal(((await closed) as [number])[0], 4401)
})

t.test('a cookie that is good no more is taken back', async t => {
  const { api } = await scene(t)
  const headers = { cookie: 'chatai-session=of-before-the-restart' }
  const response = await fetch(`${api}/models`, { headers })
  t.equal(response.status, 401)
  t.match(response.headers.get('set-cookie'), /^chatai-session=; Max-Age=0;/)
})

t.test('it ends with the token that began it, or after its own time', async t => {
  const clock = fakeClock()
  const issuer = await startIssuer(t)
  const lives = { SESSION_MS: String(2 * HOUR), CONNECTION_LIFETIME_MS: String(9 * HOUR) }
  const env = { ...issuer.env, ...lives }
  const { app, cookieOf, status, dial } = await scene(t, { clock, env })
  const brief = await cookieOf(await issuer.token({ exp: 3600 }))
  const long = await cookieOf(await issuer.token({ exp: 36_000 }))
  const socket = await dial({ cookie: brief }, app.url)
  if (typeof socket === 'number') throw new Error('not let in')
  const closed = once(socket, 'close')
  clock.move(HOUR - 1000)
  t.same([await status({ cookie: brief }), await status({ cookie: long })], [200, 200])
  clock.move(60_000)
  t.same([await status({ cookie: brief }), await status({ cookie: long })], [401, 200])
  t.equal(((await closed) as [number])[0], 4401)
  clock.move(HOUR)
  t.equal(await status({ cookie: long }), 401)
})

t.test('only a key or a token begins one', async t => {
  const { app, api, sign, cookieOf } = await scene(t)
  const cookie = await cookieOf()
  for (const headers of [{}, { cookie, origin: app.url }, { authorization: 'Bearer wrong' }]) {
    const response = await fetch(`${api}/session`, { method: 'POST', headers })
    t.equal(response.status, 401)
    t.equal(response.headers.get('set-cookie'), null)
  }
  t.equal((await sign(KEY, { origin: 'http://evil.example' })).status, 403)
  const open = await build(t)
  const response = await fetch(`${open.url}/api/ai/session`, { method: 'POST' })
  t.equal(response.status, 400, 'where nobody needs one there is none')
})

t.test('over HTTPS it is Secure, and under a name that no neighbour can set', async t => {
  const https = { 'x-forwarded-proto': 'https' }
  const { sign, cookieOf, status } = await scene(t, { env: { TRUST_PROXY: '127.0.0.1' } })
  const said = (await sign(KEY, https)).headers.get('set-cookie') ?? ''
  t.match(
    said,
    /^__Host-chatai-session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  )
  const cookie = said.split(';')[0] ?? ''
  t.equal(await status({ ...https, cookie }), 200)
  t.equal(await status({ ...https, cookie: cookie.replace('__Host-', '') }), 401)
  const untrusted = await scene(t)
  t.match(await untrusted.cookieOf(KEY, https), /^chatai-session=/, 'from anybody it says nothing')
  t.match(await cookieOf(), /^chatai-session=/)
})

t.test('the sessions of one owner, and of all, are bounded: the oldest go', async t => {
  const sessions = createSessions(() => 0)
  const begin = (owner: string): string => sessions.begin({ owner, until: 1 })
  const [first, ...rest] = Array.from({ length: 65 }, () => begin('ada'))
  t.equal(sessions.find(first ?? ''), undefined)
  t.ok(rest.every(value => sessions.find(value)?.owner === 'ada'))
  for (let i = 0; i < 10_000 - 65 + 1; i++) begin(`owner ${i}`)
  t.ok(sessions.find(rest[0] ?? ''))
  begin('eve')
  t.equal(sessions.find(rest[0] ?? ''), undefined)
  t.ok(sessions.find(rest[1] ?? ''))
})
