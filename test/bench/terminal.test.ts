import { stripVTControlCharacters } from 'node:util'

import t from 'tap'

import { toReport } from '../../src/bench/report/report.ts'
import { toTerminal } from '../../src/bench/report/terminal.ts'
import { machine, madeRun, runOf } from './made-run.ts'

const report = toReport(madeRun())

void t.test('no line is wider than the screen', async t => {
  for (const columns of [20, 40, 80, 100, 132, 300]) {
    const lines = toTerminal(report, { columns, colour: false }).split('\n')
    t.ok(Math.max(...lines.map(line => line.length)) <= columns, String(columns))
  }
})

void t.test('figures are aligned at their ends', async t => {
  const lines = toTerminal(report, { columns: 80, colour: false }).split('\n')
  const at = lines.findIndex(line => line.startsWith('Figure'))
  const end = lines[at]?.indexOf('WS/SSE') ?? -1
  const rows = lines.slice(at + 1, at + 6)
  t.ok(end > 0)
  t.ok(
    rows.every(row => row.length === end + 'WS/SSE'.length && row.endsWith('×')),
    rows.join('\n'),
  )
})

void t.test(
  'a wide screen has the servers side by side, a narrow one below each other',
  async t => {
    const heads = (columns: number): number =>
      toTerminal(report, { columns, colour: false }).match(/^Figure/gm)?.length ?? 0
    t.equal(heads(300), 1)
    t.ok(heads(80) > 3)
  },
)

void t.test('colour changes no letter', async t => {
  const plain = toTerminal(report, { columns: 100, colour: false })
  const coloured = toTerminal(report, { columns: 100, colour: true })
  t.not(coloured, plain)
  const trim = (text: string): string => text.replace(/ +$/gm, '')
  t.equal(trim(stripVTControlCharacters(coloured)), plain)
})

void t.test('has the bounds and the verdicts', async t => {
  const text = toTerminal(report, { columns: 300, colour: false })
  t.match(text, /^met +Bytes a token, SSE ≤ 130 B: /m)
  t.match(text, /^missed +Processor time a short answer, to the raw pipe ≤ 1\.6×: /m)
  t.match(text, /^refuted +WebSocket suits high concurrency better\. /m)
})

void t.test('what a run brought along does not speak to the terminal', async t => {
  const odd = { ...machine, processor: 'a\u001b[31mb' }
  const text = toTerminal(toReport(runOf([], { machine: odd })), { columns: 80, colour: false })
  t.match(text, 'a [31mb')
})
