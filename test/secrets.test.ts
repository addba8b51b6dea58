/** A whole scenario at the loudest log level: what is secret is in no log, metric, error or header. */
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import WebSocket from 'ws'
import { build } from './support/app.ts'
import { startIssuer } from './support/issuer.ts'
import { keepLog } from './support/log.ts'
import { chunks, end, finish, head, never, reply, reset, write } from './support/script.ts'
import { startUpstream } from './support/upstream.ts'
import { storeOf } from './transports/scene.ts'

const KEY = 'marker-key-of-ada'
const PROVIDER = 'marker-key-of-the-provider'
const WRONG = 'marker-of-a-guess'
const PROMPT = 'marker-of-a-question'
const ANSWER = 'marker-of-an-answer'

/** The server, and everything that it said where it should not say what is secret. */
async function scene(t: Test) {
  const STORE = storeOf(t, 'sqlite')
  const issuer = await startIssuer(t)
  const upstream = await startUpstream(t)
  const { logTo, logged } = keepLog()
  const env = {
    ...issuer.env,
    STORE,
    API_KEYS: `${KEY},bob:marker-key-of-bob`,
    FAKE_KEY: PROVIDER,
    LOG_LEVEL: 'trace',
    MAX_BODY_BYTES: '5000',
  }
  const entry = { apiKeyEnv: 'FAKE_KEY' }
  const app = await build(t, { upstream, logTo, env, entry })
  const errors: string[] = []

  async function ask(line: string, headers: Record<string, string>, body?: unknown) {
    const [method = '', path = ''] = line.split(' ')
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(`${app.url}/api/ai/${path}`, {
      method,
      headers: { ...type, ...headers },
      body: typeof body === 'string' ? body : body === undefined ? null : JSON.stringify(body),
    })
    const text = await response.text()
    if (response.status >= 400) errors.push(JSON.stringify([...response.headers]), text)
    return { status: response.status, headers: response.headers, text }
  }
  async function talk(protocols: string[], frames: readonly object[]): Promise<void> {
    const address = `${app.url.replace('http', 'ws')}/api/ai/chat/websocket`
    const socket = new WebSocket(address, ['chatai.v1', ...protocols])
    socket.on('error', () => undefined)
    socket.on('message', data => {
      if (String(data).includes('"rejected"')) errors.push(String(data))
    })
    const opened = await Promise.race([
      once(socket, 'open').then(() => true),
      once(socket, 'unexpected-response').then(() => false),
    ])
    if (!opened) return socket.terminate()
    for (const frame of frames) {
      const heard = once(socket, 'message')
      socket.send(JSON.stringify(frame))
      await heard
    }
    socket.close(1000, 'enough')
    await once(socket, 'close')
  }
  return { app, issuer, upstream, ask, talk, errors, logged, STORE }
}

t.test(
  'keys, tokens, cookies, questions and answers are nowhere but where they belong',
  async t => {
    const { app, issuer, upstream, ask, talk, errors, logged, STORE } = await scene(t)
    const token = await issuer.token({ sub: 'marker-of-a-person' })
    const old = await issuer.token({ exp: 1 })
    const key = { authorization: `Bearer ${KEY}` }
    const bearer = { authorization: `Bearer ${token}` }
    const signed = await ask('POST session', key)
    const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? ''
    const own = { cookie, origin: app.url }
    const start = { message: PROMPT, params: { system: PROMPT }, idempotencyKey: PROMPT }

    upstream.always(
      head(),
      chunks({ reasoning_content: ANSWER }, { content: ANSWER }),
      finish(),
      end,
    )
    const { text } = await ask('POST chat/sse', key, start)
    t.match(text, ANSWER)
    const [generation = ''] = /gen_[\w-]{22}/.exec(text) ?? []
    const [conversation = ''] = /cnv_[\w-]{22}/.exec(text) ?? []
    t.match((await ask(`GET chat/sse?message=${PROMPT}`, bearer)).text, ANSWER)
    t.match((await ask('POST chat/generations', own, { message: PROMPT })).text, /gen_/)
    await ask(`PATCH chat/conversations/${conversation}`, key, { title: PROMPT })
    await talk([`bearer.${token}`], [{ id: '1', type: 'start', message: PROMPT }])

    // What goes wrong, on our side and on theirs.
    await ask(`GET chat/generations/${generation}`, bearer)
    await ask('GET models', { authorization: `Bearer ${WRONG}` })
    await ask('GET models', { authorization: `Bearer ${old}` })
    await ask('GET models', { authorization: `Bearer ${token}x` })
    await ask('GET models', { authorization: `Basic ${WRONG}` })
    await ask('GET models', { cookie: `chatai-session=${WRONG}` })
    await ask(`GET models?key=${KEY}`, {})
    await ask('POST chat/sse', { ...own, origin: 'https://evil.example' }, start)
    await ask('POST chat/sse', key, `{"message":"${PROMPT}`)
    await ask('POST chat/sse', key, { message: PROMPT, surprise: PROMPT })
    await ask('POST chat/sse', key, { message: PROMPT, model: PROMPT })
    await ask('POST chat/sse', key, { ...start, message: `${PROMPT}!` })
    await ask('POST chat/sse', key, { message: PROMPT.repeat(500) })
    await ask('POST chat/sse', { ...key, 'content-type': 'text/plain' }, PROMPT)
    await ask('POST chat/sse', { ...key, 'last-event-id': PROMPT }, start)
    await ask(`PUT chat/sse?message=${PROMPT}`, key, start)
    await ask(`GET ${PROMPT}`, key)
    await talk([`bearer.${WRONG}`], [])
    await talk(
      [`bearer.${token}`],
      [{ type: PROMPT }, { id: '1', type: 'stop', generation: PROMPT }, { key: KEY }],
    )
    const vendor = { error: { message: `Incorrect key ${PROVIDER}: ${PROMPT}` } }
    for (const script of [
      [reply(401, vendor)],
      [reply(429, vendor)],
      [reply(500, `<html>${PROVIDER} ${PROMPT}</html>`)],
      [head(), chunks({ content: ANSWER }), reset],
      [head(), write(`data: ${ANSWER} ${PROVIDER}\n\n`), end],
    ]) {
      upstream.always(...script)
      const { text } = await ask('POST chat/sse', key, { message: PROMPT })
      errors.push(text.split('\n').find(line => line.includes('"failed"')) ?? 'no failure')
    }
    upstream.always(head(), chunks({ content: ANSWER }), never)
    const live = await ask('POST chat/generations', key, { message: PROMPT })
    const [running = ''] = /gen_[\w-]{22}/.exec(live.text) ?? []
    await ask(`POST chat/generations/${running}/update`, key, { params: { system: PROMPT } })
    await ask(`POST chat/generations/${running}/stop`, key)
    await ask('DELETE session', own)

    const seen = async (path: string): Promise<string> => (await fetch(app.url + path)).text()
    const told = {
      log: logged(),
      errors: errors.join('\n'),
      metrics: await seen('/metrics'),
      contract: await seen('/openapi.yaml'),
      ready: await seen('/readyz'),
    }
    const [, payload = '', signature = ''] = token.split('.')
    const secrets = [KEY, PROVIDER, WRONG, ANSWER, payload, signature, cookie.split('=')[1] ?? '']
    t.ok(secrets.every(secret => secret.length > 10))
    for (const [where, text] of Object.entries(told)) {
      t.ok(text.length > 10, `${where} was looked at`)
      for (const secret of [...secrets, PROMPT, 'marker-']) {
        const at = text.indexOf(secret)
        t.equal(at === -1 ? '' : text.slice(Math.max(0, at - 200), at + 40), '', where)
      }
    }
    t.match(told.log, /generation started/, 'and it was loud')
    t.ok(errors.length > 40, `${errors.length} errors`)

    await app.server.close()
    const files = globSync(`${STORE.slice('sqlite:'.length)}*`)
    const kept = Buffer.concat(files.map(file => readFileSync(file)))
    t.ok(kept.includes(ANSWER), 'the store has the answers')
    for (const secret of [KEY, 'marker-key-of-bob', PROVIDER, WRONG, payload, signature]) {
      t.notOk(kept.includes(secret), 'and no key, token or cookie')
    }
    t.notOk(kept.includes(cookie.split('=')[1] ?? ''))
    t.notOk(kept.includes('marker-of-a-person'))
  },
)
