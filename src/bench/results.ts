/** What a run leaves behind: the samples, and the report in two forms. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHtml } from './report/html.ts'
import { toMarkdown } from './report/markdown.ts'
import type { Report } from './report/report.ts'
import type { Run } from './run.ts'

/** Resolves with the paths of what was written. */
export function writeResults(folder: string, run: Run, report: Report): string[] {
  mkdirSync(folder, { recursive: true })
  const files = {
    'bench.json': `${JSON.stringify(run)}\n`,
    'bench.md': toMarkdown(report, 'en'),
    'bench.html': toHtml(report, run),
  }
  return Object.entries(files).map(([name, text]) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  })
}
