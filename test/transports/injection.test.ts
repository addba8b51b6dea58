/** JSON that would be more than data, the same over HTTP and WebSocket: refused, and soon. */
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { startUpstream } from '../support/upstream.ts'
import { connect } from '../support/wire-websocket.ts'

/** Nothing that a client sends may show up in a line of the log. */
const MARK = 'never-in-a-log'
const GEN = `gen_${'x'.repeat(22)}`

async function scene(t: Test) {
  const upstream = await startUpstream(t)
  const lines: string[] = []
  const logTo = { write: (line: string) => void lines.push(line) }
  const app = await build(t, { upstream, logTo, env: { LOG_LEVEL: 'trace' } })
  const { socket } = await connect(t, app.url)
  return { upstream, app, lines, socket, api: `${app.url}/api/ai` }
}
type Scene = Awaited<ReturnType<typeof scene>>

/** The fields of a start, as text, sent by each transport; what each answers. */
async function ask({ api, socket }: Scene, fields: string): Promise<[object, object]> {
  const reply = once(socket, 'message') as Promise<[Buffer]>
  socket.send(fields.startsWith('{') ? fields.replace('{', '{"id":"1","type":"start",') : fields)
  const response = await fetch(`${api}/chat/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: fields,
  })
  const { error } = (await response.json()) as { error?: object }
  const [said] = await reply
  return [{ status: response.status, ...error }, JSON.parse(String(said)) as object]
}

/** Ms of work from here on, of this process, which is client and server: others are not counted. */
function stopwatch(): () => number {
  const begun = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(begun)
    return (user + system) / 1000
  }
}

/** Refused by both, within a second of work, and the prototype of everything is as it was. */
async function refused(t: Test, all: Scene, fields: string): Promise<void> {
  const name = fields.slice(0, 60).replaceAll('\u2028', '?')
  const spent = stopwatch()
  const [http, websocket] = await ask(all, fields)
  t.ok(spent() < 1000, `${name}: ${spent()} ms`)
  t.match(http, { status: 400, code: 'invalid_request' }, name)
  t.match(websocket, { type: 'rejected', code: 'invalid_request' }, name)
  t.notMatch(JSON.stringify([http, websocket]), /polluted":|at .*:\d+:\d+|SyntaxError|RangeError/)
}

t.test('keys of prototypes are refused wherever they are', async t => {
  const all = await scene(t)
  for (const key of ['__proto__', '__pro\\u0074o__', '\\u005f_proto__']) {
    await refused(t, all, `{"message":"x","${key}":{"polluted":1}}`)
    await refused(t, all, `{"message":"x","params":{"${key}":{"polluted":1}}}`)
    await refused(t, all, `{"messages":[{"role":"user","content":"x","${key}":{"polluted":1}}]}`)
    await refused(t, all, `{"${key}":{"message":"x"}}`)
  }
  for (const key of ['constructor', 'c\\u006fnstructor']) {
    await refused(t, all, `{"message":"x","${key}":{"prototype":{"polluted":1}}}`)
    await refused(t, all, `{"message":"x","params":{"${key}":{"prototype":{"polluted":1}}}}`)
  }
  for (const key of ['toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'then', '']) {
    await refused(t, all, `{"message":"x","${key}":{"polluted":1}}`)
  }
  t.equal(({} as { polluted?: number }).polluted, undefined)
  t.equal(all.upstream.requests.length, 0)
})

const nested = (depth: number, open: string, close: string, inside = ''): string =>
  open.repeat(depth) + inside + close.repeat(depth)

t.test('what is nested deeply is refused without a stack overflow', async t => {
  const all = await scene(t)
  for (const depth of [20_000, 100_000]) {
    await refused(t, all, nested(depth, '[', ']'))
    await refused(t, all, `{"message":${nested(depth, '[', ']')}}`)
    await refused(t, all, `{"message":"x","params":{"stop":${nested(depth, '[', ']')}}}`)
    await refused(t, all, `{"messages":${nested(depth, '[', ']', '{}')}}`)
    await refused(t, all, `{"message":"x","surprise":${nested(depth, '[', ']')}}`)
    await refused(t, all, nested(depth, '[', ''))
  }
  await refused(t, all, nested(40_000, '{"a":', '}', '1'))
  await refused(t, all, `{"params":${nested(20_000, '{"params":', '}', '1')}}`)
  await refused(t, all, nested(15_000, '{"__proto__":', '}', '1'))
  const many = Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join(',')
  await refused(t, all, `{"message":"x",${many}}`)
  t.equal((await fetch(`${all.app.url}/healthz`)).status, 200)
})

t.test('numbers that are none, or out of all bounds, are refused by name', async t => {
  const all = await scene(t)
  for (const value of ['1e999', '-1e999', 'null', '"0.5"', '[0.5]', 'true', '{}', '2.0001']) {
    const [http, websocket] = await ask(all, `{"message":"x","params":{"temperature":${value}}}`)
    t.match(http, { status: 400, message: /^params\.temperature in the body must be / }, value)
    t.match(websocket, { message: /^params\.temperature in the command must be / }, value)
  }
  for (const value of ['NaN', 'Infinity', '-Infinity', '0x10', '01', '1.', '.5', '1e', '١']) {
    await refused(t, all, `{"message":"x","params":{"temperature":${value}}}`)
  }
  for (const value of ['1e999', '9007199254740993', '1.5', '-1', '"1"', '1e300']) {
    await refused(t, all, `{"message":"x","params":{"seed":${value}}}`)
    const reply = once(all.socket, 'message') as Promise<[Buffer]>
    all.socket.send(`{"id":"1","type":"attach","generation":"${GEN}","after":${value}}`)
    t.match(String((await reply)[0]), /"rejected","code":"invalid_request","message":"after /)
  }
  for (const query of ['temperature=NaN', 'seed=1e999', 'temperature=Infinity', 'top_p=0x1']) {
    const response = await fetch(`${all.api}/chat/sse?message=x&${query}`)
    t.equal(response.status, 400, query)
  }
})

t.test('what looks for a slow pattern is answered at once', async t => {
  const all = await scene(t)
  const evil = [
    'a'.repeat(90_000),
    ' '.repeat(90_000),
    `${'-_'.repeat(45_000)}!`,
    '\u2028'.repeat(80_000),
  ]
  const fields = ['model', 'conversation', 'regenerate', 'edit', 'onDisconnect', 'idempotencyKey']
  for (const field of fields) {
    for (const value of evil)
      await refused(t, all, JSON.stringify({ message: 'x', [field]: value }))
  }
  for (const value of evil.slice(1, 2)) await refused(t, all, JSON.stringify({ message: value }))
  const headers = ['accept', 'authorization', 'cookie', 'origin', 'last-event-id', 'content-type']
  for (const name of [...headers, 'sec-websocket-protocol', 'x-forwarded-for', 'if-none-match']) {
    for (const value of ['a/'.repeat(5000), ', '.repeat(5000), `a;${' '.repeat(9000)}b`]) {
      const spent = stopwatch()
      await fetch(`${all.api}/models`, { headers: { [name]: value } })
      t.ok(spent() < 1000, `${name}: ${value.slice(0, 4)}`)
    }
  }
})

const FORGED = `\r\n{"level":60,"msg":"${MARK}"}\r\nX-Evil: ${MARK}`

t.test('a line break in an id is no line of a log and no header', async t => {
  const all = await scene(t)
  const { api, socket, lines } = all
  for (const field of ['model', 'modelType', 'conversation', 'idempotencyKey', 'edit', MARK]) {
    const response = await fetch(`${api}/chat/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: MARK, [field]: FORGED }),
    })
    t.ok(response.status === 400 || response.status === 404, field)
    t.equal(response.headers.get('x-evil'), null)
    const reply = once(socket, 'message') as Promise<[Buffer]>
    socket.send(JSON.stringify({ id: FORGED, type: 'start', message: MARK, [field]: FORGED }))
    const said = String((await reply)[0])
    t.match(JSON.parse(said), { id: FORGED.slice(0, 128), type: 'rejected' })
    t.notMatch(said, /[\r\n]/, 'a frame is one line')
  }
  const place = encodeURIComponent(FORGED)
  for (const path of [
    `/chat/generations/${place}`,
    `/chat/sse?message=x&model=${place}`,
    `/chat/sse?message=x&idempotencyKey=${place}`,
    `/chat/conversations?after=${place}`,
    `/${place}`,
  ]) {
    const response = await fetch(api + path)
    t.ok(response.status === 400 || response.status === 404, path)
    t.equal(response.headers.get('x-evil'), null)
    t.notMatch(await response.text(), MARK)
  }
  // One that works, so that there are lines to look at.
  await (await fetch(`${api}/chat/sse?message=${MARK}&system=${MARK}`)).text()
  t.ok(lines.some(line => line.includes('generation started')))
  for (const line of lines) {
    t.doesNotThrow(() => void JSON.parse(line), line)
    t.equal(line.trimEnd().split('\n').length, 1, 'one line each')
    t.notMatch(line, MARK)
  }
})
