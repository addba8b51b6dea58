/** What a program can find of what keeps people out; nothing is the only good answer. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const source = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** The colours are all that differs between two themes. */
export type Scope = 'all' | 'colours'

/** Each violation in a line: the rule, the element and what is wrong with it. */
export async function violations(page: Page, scope: Scope): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source)
  const colours: RunOptions = { runOnly: ['color-contrast'] }
  const all: RunOptions = { rules: { 'target-size': { enabled: true } } }
  const results = await page.evaluate(run, scope === 'all' ? all : colours)
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary ?? ''}`),
  )
}

/** Runs in the page. */
function run(options: RunOptions): Promise<AxeResults> {
  const { axe } = globalThis as unknown as {
    axe: { run(of: Document, options: RunOptions): Promise<AxeResults> }
  }
  return axe.run(document, { ...options, resultTypes: ['violations'] })
}
