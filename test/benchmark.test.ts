/** The last benchmark as the server gives it to its page: two files of one folder, and no other. */
import { execFileSync } from 'node:child_process'
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { build } from './support/app.ts'

const json = '{"format":1}\n'
const html = '<!doctype html><style>b{}</style>'
const none = { '/bench/bench.json': 204, '/bench/bench.html': 404 }

t.test('both files are given as they are, to keep and not to run', async t => {
  const benchmarks = t.testdir({ 'bench.json': json, 'bench.html': html })
  const { url } = await build(t, { benchmarks, env: { API_KEYS: 'secret' } })
  const samples = await fetch(`${url}/bench/bench.json`)
  t.equal(await samples.text(), json)
  t.equal(samples.headers.get('content-type'), 'application/json')
  t.equal(samples.headers.get('cache-control'), 'no-cache')
  const whole = await fetch(`${url}/bench/bench.html`)
  t.equal(await whole.text(), html)
  const disposition = whole.headers.get('content-disposition')
  t.equal(disposition, 'attachment; filename="chatai-bench.html"')
  t.match(whole.headers.get('content-security-policy'), /default-src 'self'/)
})

t.test('it is read anew: a benchmark that was made meanwhile is there', async t => {
  const folder = t.testdir({ later: {} })
  const { url } = await build(t, { benchmarks: join(folder, 'later') })
  const before = await fetch(`${url}/bench/bench.json`)
  t.equal(before.status, 204, 'the page asks, and no browser complains')
  t.equal(before.headers.get('cache-control'), 'no-cache')
  const whole = await fetch(`${url}/bench/bench.html`)
  t.equal(whole.status, 404)
  t.match(await whole.json(), { error: { code: 'not_found', message: /npm run bench/ } })
  t.testdir({ later: { 'bench.json': json } })
  t.equal(await (await fetch(`${url}/bench/bench.json`)).text(), json)
})

t.test('nothing else of the folder, and nothing outside of it, can be read', async t => {
  const folder = t.testdir({
    secret: 'secret',
    in: { 'bench.md': 'x', '.env': 'x', 'bench.json': json },
  })
  const { url } = await build(t, { benchmarks: join(folder, 'in') })
  const paths = [
    'bench.md',
    '.env',
    '',
    '..%2fsecret',
    '%2e%2e/secret',
    'bench.json%00',
    'BENCH.JSON',
  ]
  for (const path of [...paths, '..\\secret', 'bench.json/..', '/bench.json']) {
    const answer = await fetch(`${url}/bench/${path}`)
    t.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`)
    t.notMatch(await answer.text(), /secret$/)
  }
})

t.test('a link is not followed', async t => {
  const folder = t.testdir({
    secret: 'secret',
    in: {
      'bench.json': t.fixture('symlink', '../secret'),
      'bench.html': t.fixture('symlink', '/'),
    },
  })
  const { url } = await build(t, { benchmarks: join(folder, 'in') })
  for (const [path, status] of Object.entries(none))
    t.equal((await fetch(`${url}${path}`)).status, status, path)
})

t.test('what is no file is not there, and a pipe is not waited for', async t => {
  const folder = t.testdir({ in: { 'bench.json': {} } })
  execFileSync('mkfifo', [join(folder, 'in', 'bench.html')])
  const { url } = await build(t, { benchmarks: join(folder, 'in') })
  for (const [path, status] of Object.entries(none))
    t.equal((await fetch(`${url}${path}`)).status, status, path)
  const file = await build(t, { benchmarks: join(t.testdir({ in: 'x' }), 'in') })
  t.equal((await fetch(`${file.url}/bench/bench.json`)).status, 204, 'a folder that is a file')
})

t.test('what is too large to be a benchmark is not read', async t => {
  const folder = t.testdir({ 'bench.json': '', 'bench.html': '' })
  truncateSync(join(folder, 'bench.json'), 16 * 1024 * 1024 + 1)
  truncateSync(join(folder, 'bench.html'), 16 * 1024 * 1024)
  const { url } = await build(t, { benchmarks: folder })
  const [samples, report] = await Promise.all(Object.keys(none).map(path => fetch(`${url}${path}`)))
  t.equal(samples?.status, 204)
  t.equal(report?.status, 200)
  await report?.body?.cancel()
})
