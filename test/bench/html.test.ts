import t from 'tap'

import { toHtml } from '../../src/bench/report/html.ts'
import { html } from '../../src/bench/report/markup.ts'
import { toReport } from '../../src/bench/report/report.ts'
import { machine, madeRun, runOf } from './made-run.ts'

const run = madeRun()
const page = toHtml(toReport(run), run)

void t.test('a template escapes what is put into it, and markup is not escaped again', async t => {
  const inner = html`<b>${'a & b'}</b>`
  t.equal(
    html`<i title="${'"\'<>'}">${inner}${[1, 'x<']}</i>`.markup,
    '<i title="&quot;&#39;&lt;&gt;"><b>a &amp; b</b>1x&lt;</i>',
  )
})

void t.test('the page asks for nothing else', async t => {
  t.notMatch(page, /https?:\/\//)
  t.notMatch(page, /\b(src|href|srcset|action)\s*=/)
  t.notMatch(page, /url\(|@import|<script|<link|<iframe|<object/)
})

void t.test('what a run brought along is escaped', async t => {
  const nasty = `"><script>alert('1')</script>&`
  const odd = runOf(run.samples, {
    at: nasty,
    machine: { ...machine, processor: nasty, system: nasty, node: nasty, chatai: nasty },
    settings: { ...run.settings, only: [nasty], stores: [nasty] },
  })
  const text = toHtml(toReport(odd), odd)
  t.notMatch(text, '<script')
  t.match(text, '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;')
})

void t.test('every element that is opened is closed', async t => {
  const open: string[] = []
  for (const [, close, name = '', rest = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)([^<>]*)>/g)) {
    if (rest.endsWith('/') || name === 'meta') continue
    if (close === '') open.push(name)
    else t.equal(open.pop(), name)
  }
  t.strictSame(open, [])
})

void t.test('every figure has a caption and a table with its numbers', async t => {
  const figures = page.match(/<figure>[\s\S]*?<\/figure>/g) ?? []
  t.ok(figures.length > 15)
  for (const figure of figures) {
    t.match(figure, /<figcaption>\s*\S/)
    const drawn = figure.match(/<svg\s+class="track"/g)?.length ?? 0
    t.ok(drawn > 0)
    t.equal(figure.match(/<th\s+class="transport" scope="row">/g)?.length, drawn)
    t.equal(figure.match(/role="img"\s+aria-label="[^"]*\d/g)?.length, drawn)
    t.ok((figure.match(/<td\s+class="number">\d/g)?.length ?? 0) >= drawn)
  }
})

void t.test('the distributions are drawn, and every place is on the axis', async t => {
  t.match(page, /aria-label="p1 [\d.]+ ms, p25 .*, p50 .*, p75 .*, p99 .*, p99\.9 [\d.]+ ms"/)
  const places = [...page.matchAll(/\b(?:x|x1|x2|cx|width)="(-?[\d.]+)%"/g)].map(([, at]) =>
    Number(at),
  )
  t.ok(places.length > 1000)
  t.ok(places.every(at => at >= 0 && at <= 100))
})

void t.test('has the machine, the options, the bounds and the verdicts', async t => {
  for (const text of [
    'Imaginary 2000 @ 2.50GHz',
    'Node 24.21.0',
    'streams 1, 100, 1,000',
    'Bytes a token, WebSocket',
    'SSE goes one way, WebSocket both ways.',
    'prefers-color-scheme: dark',
  ]) {
    t.match(page, text)
  }
})
