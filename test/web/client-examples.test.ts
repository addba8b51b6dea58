/** Every example of client.html, run as it stands there. */
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { codes } from '../../src/core/errors.ts'
import { EventSchema } from '../../src/transports/wire.ts'
import { build } from '../support/app.ts'
import { openBrowser } from '../support/browser.ts'
import { checkTypes } from './types-check.ts'

const WRITTEN = 'http://127.0.0.1:8080/'
const run = promisify(execFile)
const root = new URL('../../', import.meta.url)
const page = await readFile(new URL('web/client.html', root), 'utf8')
const types = await readFile(new URL('web/link/public/client.d.ts', root), 'utf8')

const plain = (html: string): string =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

const examples = new Map(
  [...page.matchAll(/<code data-example="(\w+)"\s*>(.*?)<\/code\s*>/gs)].map(
    ([, name = '', code = '']) => [name, plain(code)],
  ),
)

/** The example with the address of the test's server in it. */
const example = (name: string, url: string): string =>
  (examples.get(name) ?? '').replaceAll(WRITTEN, `${url}/`)

/** What the programs must print, the proof that they did what the text around them says. */
const programs: Readonly<Record<string, RegExp>> = {
  node: /demo/i,
  control: /^stopped client \S/,
  switch: /^1 2 3 4 5 (\d+ )*done\n$/,
  state: /^connected gen_[\w-]{22}\n(\d+\n)+$/,
  errors: /^not_found There is no such model\. .* undefined\n$/,
  options: /^fetch POST 200\n(started\n|text\n)+done\nsocket \d+\n[^]*done\n$/,
}

t.setTimeout(200_000)

async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'chatai-examples-'))
  t.teardown(() => rm(path, { recursive: true }))
  return path
}

t.test('all of them are here', async t => {
  const known = [...Object.keys(programs), 'page', 'resume', 'shell', 'types']
  t.same([...examples.keys()].sort(), known.sort())
})

for (const file of ['README.md', 'README.zh-CN.md']) {
  t.test(`${file} has two of them`, async t => {
    const text = await readFile(new URL(file, root), 'utf8')
    const blocks = [...text.matchAll(/<!-- example: (\w+) -->\n```\w+\n(.*?)```/gs)]
    t.strictSame(
      blocks.map(([, name = '', code]) => [name, code]),
      ['page', 'node'].map(name => [name, examples.get(name)]),
    )
  })
}

for (const [name, expected] of Object.entries(programs)) {
  t.test(`the program "${name}"`, async t => {
    const key = name === 'options' ? { API_KEYS: 'one-of-API_KEYS' } : {}
    const { url } = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '100', ...key } })
    const cwd = await folder(t)
    await copyFile(new URL('dist/web/client.js', root), join(cwd, 'client.js'))
    await writeFile(join(cwd, 'package.json'), '{"type":"module"}')
    await writeFile(join(cwd, 'program.js'), example(name, url))
    const { stdout, stderr } = await run(process.execPath, ['program.js'], { cwd })
    t.match(stdout, expected)
    t.equal(stderr, '')
  })
}

t.test('the files are fetched by the shell', async t => {
  const { url } = await build(t)
  const cwd = await folder(t)
  try {
    await run('bash', ['-euc', example('shell', url)], { cwd })
  } catch (error) {
    t.match(error, /curl: command not found/)
    return
  }
  t.match(await readFile(join(cwd, 'client.js'), 'utf8'), /ChatAI client/)
  t.equal(await readFile(join(cwd, 'client.d.ts'), 'utf8'), types)
})

t.test('the typed program passes a strict check', async t => {
  const files = { 'client.d.ts': types, 'program.ts': examples.get('types') ?? '' }
  t.equal(await checkTypes(t, files, { module: 'nodenext', lib: ['es2022', 'dom'] }), '')
})

/** The example as the only page of a site of its own. */
async function host(t: Test, html: () => string): Promise<string> {
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(html())
  })
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    site.closeAllConnections()
    site.close()
  })
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`
}

t.test('the pages, on another site', async t => {
  let html = ''
  const origin = await host(t, () => html)
  const env = { ALLOWED_ORIGINS: origin, DEMO_TOKENS_PER_SECOND: '200' }
  const app = await build(t, { env })
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const visitor = await browser.newPage()
  const answer = visitor.locator('#answer')

  html = example('page', app.url)
  await visitor.goto(origin)
  await answer.getByText(/demo/i).waitFor()

  html = example('resume', app.url)
  const starts: string[] = []
  visitor.on('websocket', socket =>
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes('"start"')) starts.push(String(payload))
    }),
  )
  await visitor.goto(origin)
  for (const seen of [/\b9\b/, /\b45\b/]) {
    await answer.getByText(seen).waitFor()
    await visitor.reload()
  }
  await answer.getByText('That was 200.').waitFor()
  const numbers = Array.from({ length: 200 }, (_, i) => i + 1).join(' ')
  t.ok((await answer.innerText()).includes(numbers), 'with nothing lost or doubled')
  t.equal(starts.length, 1, 'it was asked for once')
  await visitor.waitForFunction(() => localStorage.getItem('answer') === null)
})

t.test('nothing is left out of the tables', async t => {
  const members = types.matchAll(/^ {2}(?:readonly )?(?!constructor)(\w+)\??[:(]/gm)
  const events = (EventSchema['discriminator'] as { mapping: object }).mapping
  const names = [...codes, ...Object.keys(events), 'reset', 'unreachable']
  for (const name of [...names, ...[...members].map(([, name = '']) => name)]) {
    t.ok(new RegExp(`<code>[^<]*\\b${name}\\b[^<]*</code`).test(page), name)
  }
})
