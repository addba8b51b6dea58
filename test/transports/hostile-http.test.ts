/** What HTTP clients get wrong, by accident or not: a clear refusal, and nothing else happens. */
import { connect as dial } from 'node:net'
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { inTwo } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { rest, textOf, upTo } from '../support/wire.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

async function scene(t: Test) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env: { MAX_BODY_BYTES: '10000' } })
  return { upstream, app, api: `${app.url}/api/ai`, sse: sseWire(app.url) }
}

async function refusal(response: Response): Promise<object> {
  const { error } = (await response.json()) as { error?: { code: string; message: string } }
  return { status: response.status, code: error?.code, message: error?.message }
}

t.test('refuses bodies that are not what was asked for', async t => {
  const { api, upstream } = await scene(t)
  const bodies: readonly [string, Record<string, string>, object][] = [
    ['not json', JSON_TYPE, { status: 400, message: /not JSON/ }],
    ['', JSON_TYPE, { status: 400, message: /JSON object/ }],
    ['{"message":"  \\n "}', JSON_TYPE, { status: 400, message: /must not be empty/ }],
    ['[]', JSON_TYPE, { status: 400 }],
    ['null', JSON_TYPE, { status: 400 }],
    ['"text"', JSON_TYPE, { status: 400 }],
    ['{"message":"x","__proto__":{"a":1}}', JSON_TYPE, { status: 400 }],
    ['{"message":"x","constructor":{"prototype":{}}}', JSON_TYPE, { status: 400 }],
    ['['.repeat(5000), JSON_TYPE, { status: 400 }],
    ['{"message":"x"}', { 'content-type': 'text/plain' }, { status: 415, message: /json/ }],
    ['message=x', { 'content-type': 'application/x-www-form-urlencoded' }, { status: 415 }],
    [
      JSON.stringify({ message: 'x'.repeat(20_000) }),
      JSON_TYPE,
      { status: 413, code: 'too_large' },
    ],
  ]
  for (const path of ['/chat/sse', '/chat/generations']) {
    for (const [body, headers, expected] of bodies) {
      const response = await fetch(api + path, { method: 'POST', body, headers })
      t.match(
        await refusal(response),
        { code: /invalid_request|too_large/, ...expected },
        body.slice(0, 40),
      )
    }
  }
  t.equal(upstream.requests.length, 0)
})

t.test('names the field and never repeats its value', async t => {
  const { api } = await scene(t)
  const body = JSON.stringify({ message: 'x', params: { temperature: 'sk-secret' } })
  const response = await fetch(`${api}/chat/sse`, { method: 'POST', headers: JSON_TYPE, body })
  const text = await response.text()
  t.match(text, /params\.temperature/)
  t.notMatch(text, /sk-secret/)
})

t.test('bytes that are no UTF-8 do no harm', async t => {
  const { api, upstream } = await scene(t)
  for (const bytes of ['ff', 'c3', 'eda080', 'c0af', 'f09f98']) {
    const body = Buffer.concat([
      Buffer.from('{"message":"a'),
      Buffer.from(bytes, 'hex'),
      Buffer.from('b"}'),
    ])
    const response = await fetch(`${api}/chat/sse`, { method: 'POST', headers: JSON_TYPE, body })
    t.match(await response.text(), /"done"/)
    t.match(upstream.requests.at(-1)?.body, /"content":"a\ufffd+b"/, bytes)
  }
})

t.test('nobody but the operator says where a model is', async t => {
  const { api, upstream } = await scene(t)
  const elsewhere = await startUpstream(t)
  const place = elsewhere.baseURL
  for (const name of ['base_url', 'baseURL', 'api_base', 'api_key', 'headers', 'extra_body']) {
    for (const body of [{ [name]: place }, { params: { [name]: place } }]) {
      const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) }
      t.match(await refusal(await fetch(`${api}/chat/sse`, init)), { status: 400, message: name })
    }
    t.equal((await fetch(`${api}/chat/sse?message=x&${name}=${place}`)).status, 400)
  }
  const headers = { 'x-base-url': place, 'x-api-key': 'mine', 'openai-organization': 'mine' }
  await (await fetch(`${api}/chat/sse?message=x`, { headers })).text()
  t.equal(upstream.requests.length, 1)
  t.notMatch(JSON.stringify(upstream.requests[0]?.headers), /mine/)
  t.equal(elsewhere.connections, 0)
})

t.test('refuses cursors that are garbage, of another generation, or ahead of the log', async t => {
  const { api, sse } = await scene(t)
  const reader = await sse.start({ message: 'x' })
  await rest(reader)
  const other = await sse.start({ message: 'y' })
  await rest(other)
  const cursors: readonly [string, number][] = [
    ['garbage', 400],
    ['1', 400],
    [`${reader.generation}:-1`, 400],
    [`${reader.generation}:1e3`, 400],
    [`${reader.generation}:99999999999999999999`, 400],
    [`${reader.generation}:1' OR 1=1`, 400],
    ['x'.repeat(4000), 400],
    [`${other.generation}:1`, 400],
    [`${reader.generation}:999`, 409],
  ]
  for (const [id, status] of cursors) {
    const headers = { 'last-event-id': id }
    const path = `${api}/chat/generations/${reader.generation}/events`
    t.equal((await fetch(path, { headers })).status, status, id.slice(0, 50))
  }
  const path = `${api}/chat/generations/${reader.generation}/events?after=`
  for (const after of ['x', '-1', '1.5', '', '1e3'])
    t.equal((await fetch(path + after)).status, 400, after)
  const unknown = `gen_${'x'.repeat(22)}:1`
  t.equal((await fetch(`${api}/chat/sse`, { headers: { 'last-event-id': unknown } })).status, 404)
})

t.test('resumes on the start routes too, starting nothing, whatever the body says', async t => {
  const { api, sse, upstream } = await scene(t)
  const reader = await sse.start({ message: 'x' })
  const heard = await rest(reader)
  const headers = { ...JSON_TYPE, 'last-event-id': `${reader.generation}:2` }
  for (const init of [{ headers }, { headers, method: 'POST', body: '{"message":"x"}' }]) {
    const text = await (await fetch(`${api}/chat/sse`, init)).text()
    t.match(text, `id: ${reader.generation}:3\n`)
    t.notMatch(text, `id: ${reader.generation}:2\n`)
  }
  const last = { 'last-event-id': `${reader.generation}:${heard.length}` }
  t.equal((await fetch(`${api}/chat/sse`, { headers: last })).status, 204)
  t.equal(upstream.requests.length, 1)
})

t.test('answers 404 to ids that are unknown and 400 to what cannot be one', async t => {
  const { api } = await scene(t)
  const [gen, cnv] = [`gen_${'x'.repeat(22)}`, `cnv_${'x'.repeat(22)}`]
  for (const [path, status] of [
    [`/chat/generations/${gen}`, 404],
    [`/chat/generations/${gen}/events`, 404],
    [`/chat/conversations/${cnv}`, 404],
    ['/chat/generations/x', 400],
    ['/chat/conversations/__proto__', 400],
    ['/chat/conversations?limit=0', 400],
    ['/chat/conversations?limit=x', 400],
    ['/chat/conversations?after=garbage', 400],
    ['/chat/conversations?surprise=1', 400],
    ['/chat/sse', 400],
    ['/chat/sse?message=x&temperature=hot', 400],
    ['/chat/sse?message=x&surprise=1', 400],
    ['/nothing', 404],
  ] as const) {
    t.equal((await fetch(api + path)).status, status, path)
  }
  for (const method of ['PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
    t.equal((await fetch(`${api}/chat/sse`, { method })).status, 405, method)
  }
})

t.test('answers what is no request at all in the envelope of every other error', async t => {
  const { app } = await scene(t)
  const { port, host } = new URL(app.url)
  for (const [request, status] of [
    [`GET /api/ai/%zz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, 400],
    [`GET /x?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 431],
    [`GET /x?message=你好 HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 400],
    ['\u0016\u0003\u0001 this is TLS\r\n\r\n', 400],
  ] as const) {
    const socket = dial(Number(port), '127.0.0.1')
    socket.write(request)
    let answer = ''
    for await (const bytes of socket) answer += String(bytes)
    t.match(answer, `HTTP/1.1 ${status} `)
    t.match(answer, /\{"error":\{"code":"invalid_request","message":"/)
  }
})

t.test('writes no second answer into one that has begun', async t => {
  const { app } = await scene(t)
  const { port, host } = new URL(app.url)
  const socket = dial(Number(port), '127.0.0.1')
  socket.write(`GET /api/ai/chat/sse?message=x HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  let answer = ''
  for await (const bytes of socket) {
    if (answer === '') socket.write('\u0016\u0003 garbage\r\n\r\n')
    answer += String(bytes)
  }
  t.equal(answer.match(/HTTP\/1\.1/g)?.length, 1)
})

t.test('names the place of what it started without the query of the request', async t => {
  const { api } = await scene(t)
  const init = { method: 'POST', headers: JSON_TYPE, body: '{"message":"x"}' }
  const response = await fetch(`${api}/chat/generations?x=1`, init)
  const { id } = (await response.json()) as { id: string }
  t.equal(response.headers.get('location'), `/api/ai/chat/generations/${id}`)
})

t.test('keeps the pages of other sites out', async t => {
  const { api, app, upstream } = await scene(t)
  const { host } = new URL(app.url)
  for (const headers of [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: `http://${host}.evil.example` },
    { origin: `http://${host}@evil.example` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]) {
    const response = await fetch(`${api}/chat/sse?message=x`, { headers })
    t.match(await refusal(response), { status: 403, code: 'forbidden' }, JSON.stringify(headers))
    t.equal(response.headers.get('access-control-allow-origin'), null)
  }
  t.equal((await fetch(`${api}/models`, { headers: { origin: app.url } })).status, 200)
  t.equal(upstream.requests.length, 0)
})

t.test('leaves the readers of others untouched by all that', async t => {
  const { api, sse, upstream } = await scene(t)
  const { steps, goOn } = inTwo()
  upstream.play(...steps)
  const reader = await sse.start({ message: 'x' })
  const heard = await upTo(reader, 'text')
  await Promise.all(
    Array.from({ length: 50 }, () => fetch(`${api}/chat/sse`, { method: 'POST', body: '{' })),
  )
  goOn()
  heard.push(...(await upTo(reader, 'text')))
  t.equal(textOf(heard), 'one two')
})
