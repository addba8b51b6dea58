/** `npm run bench:publish`: the figures of the committed run into both READMEs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { insert, toReadme } from './report/readme.ts'
import { toReport } from './report/report.ts'
import type { Run } from './run.ts'

const at = (file: string): URL => new URL(`../../${file}`, import.meta.url)

const run = JSON.parse(readFileSync(at('test/bench/bench.json'), 'utf8')) as Run
const report = toReport(run)
for (const [file, language] of [
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh'],
] as const) {
  writeFileSync(at(file), insert(readFileSync(at(file), 'utf8'), toReadme(report, language)))
}
