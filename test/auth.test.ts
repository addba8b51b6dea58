/** API_KEYS: who has none of them gets nothing, and no key is ever seen. */
import { once } from 'node:events'
import { connect as dial } from 'node:net'
import t from 'tap'
import WebSocket from 'ws'
import { openLink } from '../web/link/link.ts'
import { build } from './support/app.ts'
import { keepLog } from './support/log.ts'

const KEY = 'key-that-must-not-be-seen'

t.test('every API route needs a key, health and the contract do not', async t => {
  const { url } = await build(t, { env: { API_KEYS: `other, ${KEY}` } })
  for (const path of [
    '/api/ai/models',
    '/api/ai/chat/conversations',
    '/api/ai/chat/sse?message=x',
  ]) {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: KEY }]) {
      const response = await fetch(url + path, { headers: headers as Record<string, string> })
      t.equal(response.status, 401, path)
      t.match(await response.json(), { error: { code: 'unauthorized' } })
    }
    const headers = { authorization: `Bearer ${KEY}` }
    const response = await fetch(url + path, { headers })
    t.equal(response.status, 200, path)
    await response.text()
  }
  for (const path of ['/healthz', '/readyz', '/openapi.yaml']) {
    t.equal((await fetch(url + path)).status, 200, path)
  }
  t.equal(
    (await fetch(`${url}/api/ai/models?key=${KEY}`)).status,
    401,
    'a URL is no place for a key',
  )
})

t.test('no spelling of the address is a way around the key, or around the origin', async t => {
  const { url } = await build(t, { env: { API_KEYS: KEY } })
  const { host, port } = new URL(url)
  for (const target of [
    '/%61pi/ai/models',
    '/api/%61i/models',
    `http://${host}/api/ai/models`,
    '/%61pi/ai/chat/sse?message=x',
  ]) {
    const socket = dial(Number(port), '127.0.0.1')
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    let answer = ''
    for await (const bytes of socket) answer += String(bytes)
    t.match(answer, /^HTTP\/1\.1 40[014] /, target)
  }
  const open = await build(t)
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  t.equal((await fetch(`${open.url}/%61pi/ai/chat/sse?message=x`, { headers })).status, 403)
  t.equal(open.chat.live, 0)
})

t.test('the rate is counted by accepted key, whatever else the header says', async t => {
  const { url } = await build(t, { env: { API_KEYS: KEY, RATE_LIMIT_PER_MINUTE: '2' } })
  const start = (authorization: string): Promise<Response> =>
    fetch(`${url}/api/ai/chat/generations`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"message":"x"}',
    })
  const statuses = []
  for (let i = 1; i <= 4; i++) statuses.push((await start(`Bearer${' '.repeat(i)}${KEY}`)).status)
  t.same(statuses, [201, 201, 429, 429])
  const open = await build(t, { env: { RATE_LIMIT_PER_MINUTE: '2' } })
  const free = []
  for (let i = 1; i <= 3; i++) {
    const headers = { authorization: `x${i}` }
    const response = await fetch(`${open.url}/api/ai/chat/sse?message=x&max_tokens=1`, { headers })
    free.push(response.status)
    await response.text()
  }
  t.same(free, [200, 200, 429])
})

t.test('a key of any visible characters passes beside the sub-protocol', async t => {
  const key = 'aB3+/=(%25){"\\@;}='
  const { url } = await build(t, { env: { API_KEYS: key } })
  const end = new AbortController()
  const link = openLink('websocket', { base: new URL(url), key, signal: end.signal })
  t.match(await link.start({ message: 'hello' }), /^gen_/)
  end.abort()
  const raw = new WebSocket(`${url.replace('http', 'ws')}/api/ai/chat/websocket`, {
    headers: { 'sec-websocket-protocol': 'chatai.v1, bearer.%' },
  })
  const [, { statusCode }] = (await once(raw, 'unexpected-response')) as [
    unknown,
    { statusCode: number },
  ]
  t.equal(statusCode, 401, 'what is not encoded is a wrong key')
})

t.test('a socket passes its key in a header or beside the sub-protocol', async t => {
  const { url } = await build(t, { env: { API_KEYS: KEY } })
  const address = `${url.replace('http', 'ws')}/api/ai/chat/websocket`
  const good = [
    new WebSocket(address, ['chatai.v1', `bearer.${KEY}`]),
    new WebSocket(address, { headers: { authorization: `Bearer ${KEY}` } }),
  ]
  for (const socket of good) {
    await once(socket, 'open')
    t.not(socket.protocol, `bearer.${KEY}`, 'the key does not come back')
    socket.close()
  }
  for (const bad of [
    new WebSocket(address),
    new WebSocket(address, ['chatai.v1', 'bearer.wrong']),
  ]) {
    const [, response] = (await once(bad, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ]
    t.equal(response.statusCode, 401)
    bad.on('error', () => undefined)
    bad.terminate()
  }
})

t.test('keys, questions and answers are in no log, whatever goes wrong', async t => {
  const { logTo, logged } = keepLog()
  const env = { API_KEYS: KEY, LOG_LEVEL: 'trace', OPENAI_API_KEY: 'sk-provider' }
  const { url } = await build(t, { env, logTo })
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
  for (const body of [
    '{"message":"secret question","model":"demo","params":{"max_tokens":9}}',
    '{',
  ]) {
    const response = await fetch(`${url}/api/ai/chat/sse`, { method: 'POST', headers, body })
    await response.text()
  }
  await fetch(`${url}/api/ai/models`, { headers: { authorization: `Bearer ${KEY}x` } })
  t.match(logged(), /generation started/)
  t.notMatch(logged(), new RegExp(`${KEY}|sk-provider|secret question|built-in`))
})
