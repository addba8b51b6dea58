/** The doctor as it is run, before the real app, with and without something in between. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { build } from '../support/app.ts'
import { type Habits, stand } from './between.ts'

const MAIN = fileURLToPath(new URL('../../src/doctor/main.ts', import.meta.url))

function doctor(...args: string[]): Promise<{ code: number; out: string }> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [MAIN, ...args], (_error, out) =>
      resolve({ code: child.exitCode ?? -1, out }),
    )
  })
}

t.test('a server with nothing before it is well', async t => {
  const { url } = await build(t, { env: { HEARTBEAT_MS: '500' } })
  const { code, out } = await doctor(url, '--idle', '2')
  t.notMatch(out, /BAD/)
  for (const check of [/ok {2}streaming/, /ok {2}resuming: dropped at (\d+)/, /ok {2}stopping/])
    t.match(out, check)
  t.match(out, /ok {2}a silent SSE stream: held for/)
  t.match(out, /ok {2}an idle WebSocket: held for 2 s/)
  t.match(out, /Nothing stands in the way/)
  t.equal(code, 0)
})

const cases: readonly [fact: string, habits: Habits, found: RegExp][] = [
  [
    'a proxy that buffers',
    { buffers: true },
    /BAD streaming.*held back to the end[\s\S]*proxy_buffering off/,
  ],
  ['a proxy that sends lumps', { lump: 3000 }, /BAD streaming.*in lumps[\s\S]*proxy_buffering off/],
  ['a proxy that compresses', { compresses: true }, /BAD headers.*compresses the stream/],
  ['a proxy that drops Last-Event-ID', { drops: ['last-event-id'] }, /BAD resuming.*began anew/],
  [
    'a proxy that strips upgrades',
    { stripsUpgrades: true },
    /BAD WebSocket upgrade[\s\S]*proxy_set_header Upgrade/,
  ],
  [
    'a proxy that cuts the idle',
    { idleMs: 1500 },
    /BAD a silent SSE[\s\S]*BAD an idle WebSocket: cut[\s\S]*HEARTBEAT_MS/,
  ],
]
for (const [fact, habits, found] of cases) {
  t.test(`${fact} is found`, async t => {
    const { url } = await build(t)
    const idle = habits.idleMs === undefined ? '0' : '4'
    const { code, out } = await doctor(await stand(t, url, habits), '--idle', idle)
    t.match(out, found)
    t.equal(code, 1)
    t.equal(out.match(/BAD/g)?.length, fact.endsWith('idle') ? 2 : 1, 'and nothing else')
  })
}

t.test('what cannot be examined is said in a sentence', async t => {
  t.match(await doctor(), { code: 2, out: /Usage: npm run doctor -- URL/ })
  t.match(await doctor('ftp://x'), { code: 2, out: /Usage/ })
  t.match(await doctor('http://127.0.0.1:2'), {
    code: 2,
    out: /could not be reached \(ECONNREFUSED\)/,
  })
  const { url } = await build(t, { env: { API_KEYS: 'secret' } })
  t.match(await doctor(url), { code: 2, out: /wants an API key/ })
  t.match(await doctor(url, '--key', 'secret', '--idle', '0'), { code: 0, out: /Nothing stands/ })
})
