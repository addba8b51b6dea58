/** API_KEYS: who has none of them gets nothing, and no key is ever seen. */
import { once } from 'node:events'
import t from 'tap'
import WebSocket from 'ws'
import { build } from './support/app.ts'

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
  let log = ''
  const logTo = { write: (line: string) => void (log += line) }
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
  t.match(log, /generation started/)
  t.notMatch(log, new RegExp(`${KEY}|sk-provider|secret question|built-in`))
})
