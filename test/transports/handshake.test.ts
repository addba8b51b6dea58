/** The opening handshake: what is taken, what is refused and how, and what is no handshake at all. */
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Built, build, connections } from '../support/app.ts'
import { chop, fragments, text } from '../support/frames.ts'
import { dial, handshake, lines, openRaw } from '../support/raw-websocket.ts'
import { refused } from './conform.ts'

const PATH = '/api/ai/chat/websocket'
const start = '{"message":"x"}'
/** Of what is no handshake to us, and so a GET like any other: it is told to upgrade. */
const ORDINARY = '426'

/** What comes back, to its end or that of an error: its connection may stay for the next try. */
async function answer(t: Test, { url }: Built, request: string | Uint8Array): Promise<string> {
  const socket = await dial(t, url)
  socket.write(request)
  let heard = ''
  for await (const bytes of socket) {
    heard += String(bytes)
    if (/\{"error":\{.*\}\}$/.test(heard)) break
  }
  return heard
}

/** The lines of a handshake with one header in another way, or without it. */
function changed({ url }: Built, name: string, value?: string): string {
  const rest = handshake(new URL(url).host).filter(line => !line.startsWith(`${name}:`))
  return lines(...rest, ...(value === undefined ? [] : [`${name}: ${value}`]), 'Connection: close')
}

const KEY = 'Sec-WebSocket-Key'
const VERSION = 'Sec-WebSocket-Version'
const wrong: readonly [status: number, header: string, ...values: (string | undefined)[]][] = [
  [
    400,
    KEY,
    undefined,
    '',
    'short',
    'dGhlIHNhbXBsZSBub25jZQ',
    'x'.repeat(1000),
    'dGhl\tIHNhbXBsZSBub25==',
  ],
  [
    400,
    VERSION,
    undefined,
    '',
    '0',
    '12',
    '14',
    '-13',
    'thirteen',
    '13, 8',
    '99999999999999999999',
  ],
  [426, 'Upgrade', undefined, 'h2c', 'websockets', 'web socket', 'h2c, websocket'],
  [400, 'Sec-WebSocket-Protocol', 'a,,b', 'a b', 'chatai.v1,chatai.v1', ', ', '(x)'],
]

t.test('a handshake that is wrong is answered in the envelope of every error', async t => {
  const app = await build(t)
  for (const [status, header, ...values] of wrong) {
    for (const value of values) {
      const heard = await answer(t, app, changed(app, header, value))
      t.equal(heard.split(' ')[1], String(status), `${header}: ${value}`)
      t.match(heard, /\{"error":\{"code":"invalid_request","message":"[^"]+"\}\}$/)
      if (header === VERSION) t.match(heard, /^Sec-WebSocket-Version: 13\r$/m)
    }
  }
  t.equal(app.server.websocketServer.clients.size, 0)
})

t.test('so is what is sent like no browser or library does', async t => {
  const app = await build(t)
  const { host } = new URL(app.url)
  const [, hostLine = '', ...rest] = handshake(host)
  const plain = lines(`GET ${PATH} HTTP/1.1`, hostLine, 'Upgrade: websocket', 'Connection: close')
  const headers = (count: number, name = ''): string[] =>
    Array.from({ length: count }, (_, i) => `${name === '' ? `x${i}` : name}:`)
  const tries: readonly [name: string, request: string, status: string][] = [
    ['no Connection: Upgrade', plain, ORDINARY],
    ['HTTP/1.0', lines(`GET ${PATH} HTTP/1.0`, hostLine, ...rest), ORDINARY],
    ['HTTP/2.0', lines(`GET ${PATH} HTTP/2.0`, hostLine, ...rest, 'Connection: close'), ORDINARY],
    ['HTTP/3.1', lines(`GET ${PATH} HTTP/3.1`, hostLine, ...rest), '400'],
    ['POST', lines(`POST ${PATH} HTTP/1.1`, hostLine, ...rest, 'Connection: close'), '405'],
    [
      'a host in the address',
      lines(`GET http://${host}${PATH} HTTP/1.1`, hostLine, ...rest),
      '400',
    ],
    ['another one', lines(`GET http://evil.example${PATH} HTTP/1.1`, hostLine, ...rest), '400'],
    ['two Hosts', lines(`GET ${PATH} HTTP/1.1`, hostLine, 'Host: evil.example', ...rest), '400'],
    ['the same twice', lines(`GET ${PATH} HTTP/1.1`, hostLine, hostLine, ...rest), '400'],
    ['no Host', lines(`GET ${PATH} HTTP/1.1`, ...rest), '403'],
    ['two keys', lines(...handshake(host), `${KEY}: dGhlIHNhbXBsZSBub25jZQ==`), '400'],
    ['2,000 headers', lines(...handshake(host), ...headers(2000)), '431'],
    ['2,100 of one letter', lines(...handshake(host), ...headers(2100, 'a')), '431'],
    ['201', lines(...handshake(host), ...headers(196)), '431'],
    ['a header of 20 KB', lines(...handshake(host), `X: ${'x'.repeat(20_000)}`), '431'],
    [
      'a body',
      `${lines(...handshake(host), 'Content-Length: 5', 'Connection: close')}hello`,
      ORDINARY,
    ],
    [
      'a body in chunks',
      `${lines(...handshake(host), 'Transfer-Encoding: chunked', 'Connection: close')}0\r\n\r\n`,
      ORDINARY,
    ],
    ['a folded header', lines(...handshake(host), 'X: a', ' b'), '400'],
    ['NUL in a header', lines(...handshake(host), 'X: a\0b'), '400'],
    ['a header without a name', lines(...handshake(host), ': x'), '400'],
  ]
  for (const [name, request, status] of tries) {
    const heard = await answer(t, app, request)
    t.match(heard, new RegExp(`^HTTP/1\\.1 (${status}) `), name)
    t.match(heard, /\{"error":\{"code":"(invalid_request|not_found|forbidden)"/, name)
  }
  const most = await openRaw(t, app.url, { headers: headers(195) })
  t.match(most.head, /101/, 'and 200 headers are not too many')
})

t.test('an upgrade to anything else is served as if it were none', async t => {
  const app = await build(t)
  const { host } = new URL(app.url)
  // As curl --http2 and Java's client ask for everything.
  const h2c = [`Host: ${host}`, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c']
  const more = [...h2c, 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA', 'Connection: close']
  t.match(await answer(t, app, lines('GET /healthz HTTP/1.1', ...more)), /^HTTP\/1\.1 200 /)
  const length = ['Content-Type: application/json', `Content-Length: ${start.length}`]
  const post = lines('POST /api/ai/chat/generations HTTP/1.1', ...more, ...length) + start
  t.match(await answer(t, app, post), /^HTTP\/1\.1 201 /)
})

t.test('a handshake waits for the response before it, and is answered if it does not', async t => {
  const app = await build(t)
  const { host } = new URL(app.url)
  const health = lines('GET /healthz HTTP/1.1', `Host: ${host}`)
  const hasty = health + lines(...handshake(host), 'Connection: close')
  t.match(await answer(t, app, hasty), /^HTTP\/1\.1 200 [^]*"ok"\}HTTP\/1\.1 426 /)
  const socket = await dial(t, app.url)
  socket.write(health)
  await once(socket, 'data')
  socket.write(lines(...handshake(host)))
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  t.match(String(bytes), /^HTTP\/1\.1 101 /)
})

t.test('frames that come with the handshake are not lost', async t => {
  const app = await build(t)
  const one = text(refused('1'))
  const two = text(refused('2'))
  const pieces = fragments(...chop(Buffer.from(refused('1')), 4))
  const tries: readonly [behind: Uint8Array, later: readonly Uint8Array[], ids: string][] = [
    [Buffer.concat([one, two, text(refused('3'))]), [], '123'],
    [text(refused('1').padEnd(200_000)), [two], '12'],
    [one.subarray(0, 1), [one.subarray(1)], '1'],
    [one.subarray(0, 9), [one.subarray(9), two], '12'],
    [Buffer.concat(pieces.slice(0, 1)), pieces.slice(1), '1'],
  ]
  for (const [behind, later, ids] of tries) {
    const line = await openRaw(t, app.url, { behind })
    await line.send(...later)
    for (const id of ids) t.match(String((await line.next())?.payload), `"id":"${id}"`)
  }
})

t.test('a handshake in octets, and one that is given up, do no harm', async t => {
  const app = await build(t)
  const asked = Buffer.from(lines(...handshake(new URL(app.url).host)))
  const socket = await dial(t, app.url)
  for (const octet of chop(asked)) await new Promise(sent => socket.write(octet, sent))
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  t.match(String(bytes), /^HTTP\/1\.1 101 /)
  for (const leave of ['resetAndDestroy', 'destroy', 'end'] as const) {
    const other = await dial(t, app.url)
    await new Promise(sent => other.write(asked, sent))
    other[leave]()
  }
  socket.destroy()
  while (app.server.websocketServer.clients.size > 0) await turn()
  while ((await connections(app)) > 0) await turn()
  t.equal(app.chat.live, 0)
})
