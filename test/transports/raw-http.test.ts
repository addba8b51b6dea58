/** Bytes that no HTTP client sends: paths out of the page's folder, lengths that lie, odd types. */
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { type Built, build } from '../support/app.ts'
import { dial, lines } from '../support/raw-websocket.ts'
import { startUpstream } from '../support/upstream.ts'

const SSE = '/api/ai/chat/sse'
const JSON_TYPE = 'Content-Type: application/json'

/** Send it, hear all that comes back. */
async function answer(t: Test, app: Built, request: string | Uint8Array): Promise<string> {
  const socket = await dial(t, app.url)
  socket.write(request)
  let heard = ''
  for await (const bytes of socket) heard += String(bytes)
  return heard
}

const post = (...headers: string[]): string =>
  lines(`POST ${SSE} HTTP/1.1`, 'Host: localhost', 'Connection: close', JSON_TYPE, ...headers)

t.test('no path leads out of the folder of the page', async t => {
  const app = await build(t)
  const index = await fetch(`${app.url}/`)
  t.match(await index.text(), /<!doctype html>/i, 'the page is built, and served')
  const up = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '%252e%252e%252f', '..;/']
  const paths = [
    up.flatMap(step => [`/${step.repeat(6)}package.json`, `/assets/${step.repeat(6)}src/app.ts`]),
    ['/.env', '/.git/config', '/package.json', '/src/app.ts', '/data/chatai.db', '//etc/passwd'],
    ['/assets', '/assets/', '/assets/.', '/./.././package.json', '/api/ai/../../package.json'],
    ['/index.html%00.js', '/%00', '/%c0%ae%c0%ae/package.json', '/%', '/%zz', '/%u002e./', '/~'],
    ['/C:%5cboot.ini', '/file:///etc/passwd', '/?/../../package.json#', '/con'],
  ].flat()
  for (const path of paths) {
    const request = lines(`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close')
    const heard = await answer(t, app, request)
    // What is behind a question mark is no path.
    if (!path.startsWith('/?')) t.match(heard, /^HTTP\/1\.1 4\d\d /, path)
    if (heard.startsWith('HTTP/1.1 403')) t.match(heard, /"code":"forbidden"/, path)
    t.notMatch(heard, /"dependencies"|root:x:|buildApp|\[core\]|node:internal/, path)
  }
})

t.test('what two servers could read as two requests is refused, and starts nothing', async t => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const body = '{"message":"x"}'
  const chunked = 'Transfer-Encoding: chunked'
  const smuggled = `${lines(`POST ${SSE} HTTP/1.1`, 'Host: localhost', JSON_TYPE)}${body}`
  const tries: readonly [name: string, request: string][] = [
    ['both lengths', `${post('Content-Length: 4', chunked)}0\r\n\r\n${smuggled}`],
    ['both, the other way', `${post(chunked, `Content-Length: ${body.length}`)}${body}`],
    ['two lengths', `${post('Content-Length: 2', `Content-Length: ${body.length}`)}${body}`],
    ['a list of lengths', `${post('Content-Length: 15, 15')}${body}`],
    ['a negative length', `${post('Content-Length: -1')}${body}`],
    ['a signed length', `${post('Content-Length: +15')}${body}`],
    ['a length in hex', `${post('Content-Length: 0xf')}${body}`],
    ['a blank in a name', `${post('Content-Length : 15')}${body}`],
    ['a chunk without a size', `${post(chunked)}zz\r\n${body}\r\n0\r\n\r\n`],
    ['a chunk of all there is', `${post(chunked)}ffffffffffffffffff\r\n${body}`],
    ['a negative chunk', `${post(chunked)}-f\r\n${body}\r\n0\r\n\r\n`],
    ['a chunk longer than it says', `${post(chunked)}3\r\n${body}\r\n0\r\n\r\n`],
    ['chunked, but not last', `${post('Transfer-Encoding: chunked, identity')}${body}`],
    ['another coding', `${post('Transfer-Encoding: xchunked')}${body}`],
    ['a vertical tab before it', `${post('Transfer-Encoding: \u000bchunked')}0\r\n\r\n`],
    ['a folded header', `${post('Transfer-Encoding:', ' chunked')}0\r\n\r\n`],
    ['bare line feeds', `POST ${SSE} HTTP/1.1\nHost: localhost\nContent-Length: 15\n\n${body}`],
    ['a bare CR', `${post('X: a\rContent-Length: 15')}${body}`],
    ['a NUL', `${post('X: a\0b', 'Content-Length: 15')}${body}`],
    ['no method', lines(`${SSE} HTTP/1.1`, 'Host: localhost')],
    ['an unknown method', lines(`BREW ${SSE} HTTP/1.1`, 'Host: localhost')],
    ['a method in small letters', lines(`post ${SSE} HTTP/1.1`, 'Host: localhost')],
    ['no version', lines(`GET  ${SSE}`, 'Host: localhost')],
    ['another protocol', lines(`GET ${SSE} ICE/1.0`, 'Host: localhost')],
    ['HTTP/2 at once', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a tunnel', lines('CONNECT evil.example:443 HTTP/1.1', 'Host: evil.example:443')],
    ['a trace', lines(`TRACE ${SSE} HTTP/1.1`, 'Host: localhost', 'Connection: close')],
    ['a star', lines('OPTIONS * HTTP/1.1', 'Host: localhost', 'Connection: close')],
    ['a blank in the address', lines(`GET /a b HTTP/1.1`, 'Host: localhost')],
    ['10 GiB announced', `${post('Content-Length: 10737418240')}{`],
    ['more than can be counted', `${post('Content-Length: 99999999999999999999')}{`],
  ]
  for (const [name, request] of tries) {
    const heard = await answer(t, app, request)
    t.match(heard, /^($|HTTP\/1\.1 4\d\d )/, name)
    t.equal(heard.match(/HTTP\/1\.1/g)?.length ?? 0, heard === '' ? 0 : 1, `${name}: one answer`)
  }
  t.equal(upstream.requests.length, 0)
  t.equal((await fetch(`${app.url}/healthz`)).status, 200)
})

t.test('a body is JSON by its type, and is looked at whatever its type says', async t => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const types = ['application/json\t', 'APPLICATION/JSON', 'application/json ; charset=utf-8']
  const others = ['application/json, text/plain', 'application/jsonx', 'text/json', 'application/']
  const more = [
    'application/json;charset=utf-7',
    'application/vnd.api+json',
    '',
    'text/plain',
    '*/*',
  ]
  const odd = ['multipart/form-data; boundary=x', 'application/json\\', 'a/b;application/json']
  const body = '{"message":"x","surprise":1}'
  for (const type of [...types, ...others, ...more, ...odd]) {
    const head = [`Content-Type: ${type}`, 'Host: localhost', `Content-Length: ${body.length}`]
    const request = lines(`POST ${SSE} HTTP/1.1`, ...head, 'Connection: close') + body
    t.match(await answer(t, app, request), /^HTTP\/1\.1 4(00|15) /, JSON.stringify(type))
  }
  t.equal(upstream.requests.length, 0)
})

t.test('a body that is packed is refused, and an answer is never packed', async t => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const bomb = gzipSync(Buffer.alloc(20_000_000))
  const bodies = [bomb, gzipSync('{"message":"x"}'), Buffer.from('{"message":"x"}')]
  for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'GZIP', 'identity, gzip', 'x']) {
    for (const body of bodies) {
      const head = post(`Content-Encoding: ${encoding}`, `Content-Length: ${body.length}`)
      const heard = await answer(t, app, Buffer.concat([Buffer.from(head), body]))
      t.match(heard, /^HTTP\/1\.1 415 [^]*without one/, encoding)
    }
  }
  t.equal(upstream.requests.length, 0)
  const [, , plain = ''] = bodies
  const head = post('Content-Encoding: identity', `Content-Length: ${plain.length}`)
  const heard = await answer(t, app, `${head}${String(plain)}`)
  t.match(heard, /^HTTP\/1\.1 200 [^]*"done"/)
  for (const path of [`${SSE}?message=x`, '/api/ai/models', '/', '/openapi.yaml']) {
    const headers = { 'accept-encoding': 'gzip, deflate, br, zstd' }
    const response = await fetch(app.url + path, { headers })
    t.equal(response.headers.get('content-encoding'), null, path)
    await response.text()
  }
})
