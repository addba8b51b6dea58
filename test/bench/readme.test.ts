/** The READMEs say what the committed run has measured, and nothing else. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { insert, toReadme } from '../../src/bench/report/readme.ts'
import { toReport } from '../../src/bench/report/report.ts'
import type { Run } from '../../src/bench/run.ts'

const read = (file: string): string =>
  readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

const run = JSON.parse(read('test/bench/bench.json')) as Run

t.test('a whole run without options is committed', async t => {
  t.equal(run.partial, false)
  t.same(run.settings.only, [])
  t.ok(run.settings.rounds >= 5)
})

for (const [file, language] of [
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh'],
] as const) {
  t.test(`${file} has its figures`, async t => {
    const text = read(file)
    t.equal(insert(text, toReadme(toReport(run), language)), text, 'npm run bench:publish')
  })
}
