/** The other forms of an answer: bare text and the whole over HTTP, bare text on the socket. */
import { once } from 'node:events'
import t, { type Test } from 'tap'
import WebSocket from 'ws'
import { build } from '../support/app.ts'
import { chunks, end, finish, head, never, reply, reset, say } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'

async function scene(t: Test) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const ask = (accept: string, body: object = { message: 'x' }): Promise<Response> =>
    fetch(`${app.url}/api/ai/chat/sse`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(body),
    })
  return { upstream, app, ask }
}

t.test('Accept: text/plain streams the bare text and names the generation', async t => {
  const { ask, app } = await scene(t)
  const response = await ask('text/plain')
  t.match(response.headers.get('content-type'), /^text\/plain/)
  t.equal(await response.text(), 'Hello world')
  const id = response.headers.get('x-generation')
  t.match(await (await fetch(`${app.url}/api/ai/chat/generations/${id}`)).json(), {
    id,
    status: 'done',
    text: 'Hello world',
  })
})

t.test('bare text that fails before its first word is an HTTP error', async t => {
  const { ask, upstream } = await scene(t)
  upstream.play(reply(401, {}))
  const response = await ask('text/plain')
  t.equal(response.status, 502)
  t.match(await response.json(), { error: { code: 'provider_rejected' }, generation: /^gen_/ })
})

t.test('bare text that fails later is cut, never ended as if it were whole', async t => {
  const { ask, upstream } = await scene(t)
  upstream.play(head(), chunks({ content: 'half' }), reset)
  const response = await ask('text/plain')
  t.equal(response.status, 200)
  await t.rejects(response.text())
})

t.test('bare text marks the place of a restart', async t => {
  const { ask, upstream, app } = await scene(t)
  upstream.play(head(), chunks({ content: 'wrong' }), never)
  upstream.play(...say('right'))
  const response = await ask('text/plain')
  const path = `${app.url}/api/ai/chat/generations/${response.headers.get('x-generation')}/update`
  const body = JSON.stringify({ mode: 'restart' })
  await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  t.equal(await response.text(), 'wrong\n\n---\n\nright')
})

t.test('Accept: application/json waits and gives the whole answer', async t => {
  const { ask, upstream } = await scene(t)
  upstream.play(head(), chunks({ reasoning_content: 'hm' }, { content: 'yes' }), finish(), end)
  const response = await ask('application/json')
  t.equal(response.status, 200)
  t.match(await response.json(), {
    id: /^gen_/,
    conversation: /^cnv_/,
    status: 'done',
    model: 'fake',
    text: 'yes',
    reasoning: 'hm',
    end: {
      type: 'done',
      reason: 'complete',
    },
    usage: { estimated: true },
  })
})

t.test('the whole answer that failed is the error of the table', async t => {
  const { ask, upstream } = await scene(t)
  upstream.play(reply(429, {}, { 'retry-after': '7' }))
  const response = await ask('application/json')
  t.equal(response.status, 502)
  t.equal(response.headers.get('retry-after'), '7')
  t.match(await response.json(), { error: { code: 'provider_unavailable', retryAfter: 7 } })
})

t.test('the form that the client likes best is sent, events where it does not say', async t => {
  const { ask } = await scene(t)
  for (const [accept, type] of [
    ['*/*', 'text/event-stream'],
    ['text/html', 'text/event-stream'],
    ['application/json, text/plain, */*', 'application/json'],
    ['application/json;q=0.5, text/plain', 'text/plain'],
  ] as const) {
    const response = await ask(accept)
    t.match(response.headers.get('content-type'), type, accept)
    await response.text()
  }
})

t.test('a resume at the end has nothing to say, as text too, however the answer ended', async t => {
  const { ask, upstream, app } = await scene(t)
  upstream.play(head(), chunks({ content: 'half' }), reset)
  const text = await (await ask('text/event-stream')).text()
  const last = [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? ''
  for (const accept of ['text/plain', 'text/event-stream']) {
    const headers = { 'last-event-id': last, accept }
    t.equal((await fetch(`${app.url}/api/ai/chat/sse`, { headers })).status, 204, accept)
  }
})

t.test('a client may repeat any request to resume: its body counts for a start only', async t => {
  const { ask, app } = await scene(t)
  const text = await (await ask('text/event-stream')).text()
  const first = /^id: (.+)$/m.exec(text)?.[1] ?? ''
  for (const body of [undefined, '{"bad":1}', '{"message":"x"}']) {
    const headers = { 'last-event-id': first, 'content-type': 'application/json' }
    const response = await fetch(`${app.url}/api/ai/chat/sse`, {
      method: 'POST',
      ...(body === undefined ? { headers: { 'last-event-id': first } } : { headers, body }),
    })
    t.match(await response.text(), /"seq":2/)
  }
})

t.test('health is told to who names no host, and to HEAD', async t => {
  const { app } = await scene(t)
  for (const path of ['/healthz', '/readyz']) {
    const headers = { host: 'balancer.example' }
    t.equal((await fetch(app.url + path, { method: 'HEAD', headers })).status, 200)
  }
})

t.test('sites that are named may use the API from a browser, others may not', async t => {
  const site = 'https://app.example'
  const app = await build(t, { env: { ALLOWED_ORIGINS: site } })
  const path = `${app.url}/api/ai/chat/sse?message=x&max_tokens=1`
  for (const [origin, expected] of [
    [site, site],
    ['https://evil.example', null],
  ] as const) {
    const response = await fetch(path, { headers: { origin } })
    t.equal(response.headers.get('access-control-allow-origin'), expected)
    t.equal(response.status, expected === null ? 403 : 200)
    await response.text()
  }
  const preflight = await fetch(`${app.url}/api/ai/chat/sse`, {
    method: 'OPTIONS',
    headers: {
      origin: site,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,last-event-id',
    },
  })
  t.equal(preflight.status, 204)
  t.match(preflight.headers.get('access-control-allow-headers'), 'last-event-id')
})

t.test('an event stream has the headers that keep proxies from holding it back', async t => {
  const { ask } = await scene(t)
  const response = await ask('text/event-stream')
  t.equal(response.headers.get('cache-control'), 'no-cache, no-transform')
  t.equal(response.headers.get('x-accel-buffering'), 'no')
  t.equal(response.headers.get('content-encoding'), null)
  t.match(await response.text(), /^retry: \d+\n\n/)
})

t.test('a silent stream carries comments, a silent socket pings', async t => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env: { HEARTBEAT_MS: '20' } })
  upstream.always(head(), never)
  const response = await fetch(`${app.url}/api/ai/chat/sse?message=x`)
  let text = ''
  for await (const bytes of response.body ?? []) {
    text += new TextDecoder().decode(bytes)
    if (/\n:\n\n:\n/.test(text)) break
  }
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/ai/chat/websocket`)
  await once(socket, 'ping')
  await once(socket, 'ping')
  socket.terminate()
})

t.test('a socket that answers no ping is cut off after two', async t => {
  const app = await build(t, { env: { HEARTBEAT_MS: '20' } })
  const url = `${app.url.replace('http', 'ws')}/api/ai/chat/websocket`
  const socket = new WebSocket(url, { autoPong: false })
  let pings = 0
  socket.on('ping', () => pings++)
  const [code] = (await once(socket, 'close')) as [number]
  t.equal(code, 1006)
  t.equal(pings, 2)
})
