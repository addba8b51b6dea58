import t from 'tap'

import { toMarkdown } from '../../src/bench/report/markdown.ts'
import { insert, toReadme } from '../../src/bench/report/readme.ts'
import { toReport } from '../../src/bench/report/report.ts'
import { machine, madeRun, runOf, samplesOf } from './made-run.ts'

const report = toReport(madeRun())

/** The lines of tables, table by table, each as its cells. */
function tablesOf(text: string): string[][][] {
  const blocks = text.split('\n\n').filter(block => block.startsWith('|'))
  return blocks.map(block =>
    block
      .trim()
      .split('\n')
      .map(line =>
        line
          .replaceAll(String.raw`\|`, '')
          .split('|')
          .slice(1, -1),
      ),
  )
}

for (const [name, text, tables] of [
  ['the English report', toMarkdown(report, 'en'), 7],
  ['the Chinese report', toMarkdown(report, 'zh'), 7],
  ['the English section', toReadme(report, 'en'), 3],
  ['the Chinese section', toReadme(report, 'zh'), 3],
] as const) {
  void t.test(`${name} has tables with as many cells in each row`, async t => {
    const all = tablesOf(text)
    t.equal(all.length, tables)
    for (const rows of all) {
      t.ok(rows.length > 2)
      t.equal(new Set(rows.map(row => row.length)).size, 1, String(rows[0]))
      t.ok(
        rows[1]?.every(cell => /^ --[-:] $/.test(cell)),
        'and a rule below the heads',
      )
    }
  })
}

void t.test('says where, with what and how it was measured', async t => {
  for (const text of [toMarkdown(report, 'en'), toMarkdown(report, 'zh')]) {
    for (const fact of ['2026-01-02', 'Imaginary 2000', '8.0 GB', 'Linux 6.1.0', 'Node 24.21.0']) {
      t.match(text, fact)
    }
    t.match(text, '1, 100, 1,000')
  }
})

void t.test(
  'of a server elsewhere it is said where, and nothing of stores and processors',
  async t => {
    const { settings } = runOf([])
    const remote = { url: 'http://10.0.0.1:8080/', model: 'demo' }
    const text = toMarkdown(toReport(runOf([], { settings: { ...settings, remote } })), 'en')
    t.match(text, 'http://10.0.0.1:8080/ · demo')
    t.match(text, 'the server is another')
    t.notMatch(text, 'sqlite')
    t.notMatch(text, 'core of its own')
  },
)

void t.test('it is said in how many rounds a figure was measured, at the least', async t => {
  const whole = { server: 'sqlite', measure: 'cpu', streams: 100 } as const
  const samples = [
    ...samplesOf({ ...whole, transport: 'sse' }, [10, 20, 30]),
    ...samplesOf({ ...whole, transport: 'websocket' }, [10, 20]),
  ]
  const text = toMarkdown(toReport(runOf(samples)), 'en')
  const row = tablesOf(text)
    .flat()
    .find(([name]) => name?.includes('processor time a token'))
  t.strictSame(
    row?.slice(1, 3).map(cell => cell.trim()),
    ['100', '2'],
  )
})

void t.test('what a run brought along is no markup', async t => {
  const odd = { ...machine, processor: 'a | b\n\n# c <b> `d` [e](f)' }
  const text = toMarkdown(toReport(runOf([], { machine: odd })), 'en')
  t.match(text, 'a \\| b # c &lt;b> \\`d\\` \\[e\\](f)')
})

void t.test('the section has what a choice is made by, of one server at one level', async t => {
  const [summary] = tablesOf(toReadme(report, 'en'))
  t.strictSame(
    summary?.[0]?.map(cell => cell.trim()),
    ['ChatAI, SQLite', 'streams', 'rounds', 'SSE', 'WebSocket', 'WS/SSE'],
  )
  t.equal(summary?.length, 2 + 12)
  t.match(toReadme(report, 'en'), '```sh\nnpm run bench\n```')
})

void t.test('puts the section between the marks, again and again', async t => {
  const text = '# A\n\n<!-- bench -->\nold\n<!-- /bench -->\n\nafter\n'
  const once = insert(text, 'new')
  t.equal(once, '# A\n\n<!-- bench -->\nnew\n<!-- /bench -->\n\nafter\n')
  t.equal(insert(once, 'new'), once)
  t.equal(insert(text, '$& $1').includes('\n$& $1\n'), true, 'as it is')
})

void t.test('throws where there are no marks to put it between', async t => {
  t.throws(() => insert('# A\n', 'new'), { message: /^The README has no .* between\.$/ })
  t.throws(() => insert('<!-- /bench -->\n<!-- bench -->', 'new'))
  t.throws(() => insert('<!-- bench -->', 'new'))
})
