/** What a run leaves behind: the samples, and the report in two forms. */
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHtml } from './report/html.ts'
import { toMarkdown } from './report/markdown.ts'
import type { Report } from './report/report.ts'
import type { Run } from './run.ts'

/** Before anything is measured. Throws an Error of one sentence where nothing could be written. */
export function openResults(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`--out takes a folder to write to, and not "${folder}" (${code}).`, {
      cause: error,
    })
  }
}

/** Returns the paths of what was written, in place of the run before. */
export function writeResults(folder: string, run: Run, report: Report): string[] {
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
