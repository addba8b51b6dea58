/** Pages of other sites, names that lead here, and methods that are not there. */
import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import t from 'tap'
import WebSocket from 'ws'
import { type Built, build } from './support/app.ts'
import { contract } from './support/contract.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** fetch would not send a Host or a forbidden header of a test's own. */
async function send(url: string, method: string, headers: Record<string, string>): Promise<Answer> {
  const asked = request(url, { method, headers, agent: false })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  let text = ''
  for await (const piece of answer) text += String(piece)
  return { status: answer.statusCode ?? 0, headers: answer.headers, text }
}

async function shake(app: Built, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/ai/chat/websocket`, {
    headers,
  })
  socket.on('error', () => undefined)
  const refused = once(socket, 'unexpected-response').then(
    ([, answer]) => (answer as IncomingMessage).statusCode ?? 0,
  )
  const status = await Promise.race([refused, once(socket, 'open').then(() => 101)])
  socket.terminate()
  return status
}

const ids: Readonly<Record<string, string>> = { generations: 'gen_', conversations: 'cnv_' }

/** Every operation of the contract, its ids filled in. */
const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map(method => ({
    method: method.toUpperCase(),
    path: path.replace(
      /(\w+)\/\{id\}/,
      (_, kind: string) => `${kind}/${ids[kind]}${'x'.repeat(22)}`,
    ),
  })),
)

t.test('a page of another site reaches no route, whatever its origin looks like', async t => {
  const app = await build(t)
  const { host, port } = new URL(app.url)
  const origins = [
    'http://evil.example',
    'https://evil.example',
    'null',
    '',
    `http://${host}.evil.example`,
    `http://${host}@evil.example`,
    `http://evil.example#${host}`,
    `http://${host}/`,
    `http://${host}:80`,
    `${app.url}, ${app.url}`,
    `http://localhost:${port}`,
    `http://127.0.0.1:${Number(port) + 1}`,
    'http://127.0.0.1',
    'file://',
    'chrome-extension://abcdef',
  ]
  for (const { method, path } of operations) {
    for (const origin of path.includes('sse') ? origins : ['http://evil.example', 'null']) {
      const { status, headers } = await send(app.url + path, method, { origin })
      t.equal(status, 403, `${method} ${path} of ${origin}`)
      t.equal(headers['access-control-allow-origin'], undefined)
    }
    for (const site of ['cross-site', 'same-site']) {
      const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' }
      t.equal((await send(app.url + path, method, headers)).status, 403, `${method} ${path}`)
    }
  }
  for (const origin of origins) t.equal(await shake(app, { origin }), 403, origin)
  t.equal(await shake(app, { 'sec-fetch-site': 'cross-site' }), 403)
  t.equal(await shake(app, { origin: app.url }), 101)
  t.equal(await shake(app, {}), 101, 'what is no browser has no origin')
  t.equal(app.chat.live, 0)
})

t.test('a name that leads to loopback is no way in', async t => {
  const app = await build(t)
  const { port } = new URL(app.url)
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    `localhost.evil.example`,
    `localhost@evil.example`,
    '192.168.0.1',
    '[::ffff:192.168.0.1]',
  ]) {
    for (const { method, path } of operations) {
      const probe = path === '/healthz' || path === '/readyz'
      const headers = { host, origin: `http://${host}` }
      const { status } = await send(app.url + path, method, probe ? { host } : headers)
      t.equal(status, probe ? 200 : 403, `${method} ${path} as ${host}`)
    }
    t.equal((await send(app.url, 'GET', { host })).status, 403, 'the page neither')
    t.equal(await shake(app, { host }), 403)
  }
  for (const host of [`localhost:${port}`, 'LOCALHOST', `[::1]:${port}`]) {
    t.equal((await send(`${app.url}/api/ai/models`, 'GET', { host })).status, 200, host)
  }
})

t.test('beyond loopback without keys only addresses and the public name are served', async t => {
  const models = '/api/ai/models'
  const status = async (app: Built, host: string): Promise<number> =>
    (await send(app.url + models, 'GET', { host })).status
  const open = await build(t, { env: { HOST: '0.0.0.0' } })
  t.same(
    await Promise.all(
      ['192.168.0.1', '[2001:db8::1]:80', 'evil.example'].map(h => status(open, h)),
    ),
    [200, 200, 403],
  )
  const env = { HOST: '0.0.0.0', PUBLIC_URL: 'https://chat.example' }
  const named = await build(t, { env })
  const hosts = ['chat.example', 'chat.example:443', 'localhost', 'evil.example', '192.168.0.1']
  t.same(await Promise.all(hosts.map(h => status(named, h))), [200, 200, 200, 403, 403])
  const keyed = await build(t, { env: { HOST: '0.0.0.0', API_KEYS: 'key' } })
  t.equal(await status(keyed, 'any.example'), 401, 'with keys it is for the key to say')
})

t.test('the public address is our own page, whatever Host a proxy makes of it', async t => {
  const app = await build(t, { env: { PUBLIC_URL: 'https://chat.example', API_KEYS: 'key' } })
  const path = `${app.url}/api/ai/session`
  const authorization = 'Bearer key'
  const origin = 'https://chat.example'
  const signed = await send(path, 'POST', { origin, authorization })
  t.match(signed.headers['set-cookie']?.[0], /^__Host-chatai-session=.*; Secure;/)
  const cookie = signed.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  t.equal(await shake(app, { origin, cookie }), 101)
  for (const other of ['http://chat.example', 'https://chat.example.evil.example']) {
    t.equal(await shake(app, { origin: other, cookie }), 403, other)
  }
  for (const PUBLIC_URL of ['chat.example', 'https://chat.example/path', 'https://a@b']) {
    await t.rejects(build(t, { env: { PUBLIC_URL } }), { message: /PUBLIC_URL/ })
  }
})

t.test('a page that came by plain HTTP is no page of an HTTPS server', async t => {
  const app = await build(t, { env: { TRUST_PROXY: '127.0.0.1' } })
  const { host } = new URL(app.url)
  const ask = async (origin: string): Promise<number> =>
    (await send(`${app.url}/api/ai/models`, 'GET', { origin, 'x-forwarded-proto': 'https' })).status
  t.same([await ask(`http://${host}`), await ask(`https://${host}`)], [403, 200])
})

const list = (text = ''): string[] => text.split(', ')

t.test('another method is 405 and says which there are; nothing is started', async t => {
  const app = await build(t)
  const all = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
  for (const path of new Set(operations.map(operation => operation.path))) {
    const known = operations.filter(one => one.path === path).map(({ method }) => method)
    for (const method of all.filter(one => !known.includes(one))) {
      const probe = method === 'HEAD' && /^\/(healthz|readyz)/.test(path)
      const headers = { 'content-type': 'application/xml', 'content-length': '0' }
      const answer = await send(`${app.url}${path}?message=x`, method, headers)
      t.equal(answer.status, probe ? 200 : 405, `${method} ${path}`)
      if (probe) continue
      t.strictSame(
        list(answer.headers.allow).filter(one => one !== 'HEAD'),
        known.sort(),
        path,
      )
      if (method !== 'HEAD') t.match(answer.text, /"code":"invalid_request".*This address takes/)
    }
  }
  t.equal((await send(`${app.url}/api/ai/nothing`, 'PUT', {})).status, 404)
  t.equal(app.chat.live, 0)
  const keyed = await build(t, { env: { API_KEYS: 'key' } })
  t.equal((await send(`${keyed.url}/api/ai/chat/sse`, 'PUT', {})).status, 401)
})

t.test('where there is nothing, no method is said to be taken', async t => {
  const { url } = await build(t)
  for (const path of ['/nothing', '/assets/nothing', '/api/ai/nothing']) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      t.equal((await fetch(url + path, { method })).status, 404, `${method} ${path}`)
    }
  }
})

t.test('a site that is named may ask before, and nobody is told more', async t => {
  const site = 'https://app.example'
  const app = await build(t, { env: { ALLOWED_ORIGINS: site, API_KEYS: 'key' } })
  const path = `${app.url}/api/ai/chat/sse`
  const ask = { origin: site, 'access-control-request-method': 'POST' }
  const answer = await send(path, 'OPTIONS', ask)
  t.equal(answer.status, 204)
  t.equal(answer.headers['access-control-allow-origin'], site)
  t.equal(answer.headers['access-control-allow-credentials'], undefined)
  const foreign = await send(path, 'OPTIONS', { ...ask, origin: 'https://evil.example' })
  t.equal(foreign.headers['access-control-allow-origin'], undefined)
})

t.test('the page may stand in no frame of another', async t => {
  const app = await build(t)
  for (const path of ['/', '/openapi.yaml', '/api/ai/models', '/nothing']) {
    const { headers } = await send(app.url + path, 'GET', {})
    t.match(headers['content-security-policy'], "frame-ancestors 'none'", path)
  }
})

t.test('the address of the WebSocket tells plain HTTP to upgrade', async t => {
  const app = await build(t)
  const answer = await send(`${app.url}/api/ai/chat/websocket`, 'GET', {})
  t.equal(answer.status, 426)
  t.equal(answer.headers.upgrade, 'websocket')
  t.match(answer.text, /"code":"invalid_request".*ws:\/\//)
  t.equal((await send(`${app.url}/api/ai/chat/websocket`, 'POST', {})).status, 405)
})
