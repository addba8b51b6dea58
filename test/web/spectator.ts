import type { Locator, Page } from 'playwright-core'
import type { Test } from 'tap'
import { type BuildOptions, type Built, build } from '../support/app.ts'
import type { Visitor } from './page.ts'

const paced = { DEMO_TOKENS_PER_SECOND: '100' }

/** The app, with the files of a benchmark, or none. */
export const startApp = (
  t: Test,
  options: BuildOptions = {},
  files: Record<string, string> = {},
): Promise<Built> => build(t, { env: paced, benchmarks: t.testdir(files), ...options })

/** A person in front of the race. */
export interface Spectator {
  readonly page: Page
  readonly lanes: readonly [Locator, Locator]
  readonly start: Locator
  ask(text: string): Promise<void>
  /** Both lanes are doing so. */
  both(state: string): Promise<void>
  figure(lane: 0 | 1, name: string): Promise<string>
  /** What is said of both. */
  judged(name: string): Promise<string>
  texts(): Promise<string[]>
}

/** They follow the link to it, which on a phone is in the list. */
export async function goRacing({ page, button }: Visitor): Promise<Spectator> {
  const list = page.getByRole('button', { name: /^(Conversations|对话列表)$/ })
  const link = page.getByRole('link', { name: /^(Race|竞速)$/ })
  if (!(await link.isVisible())) await list.click()
  await link.click()
  // The models are known.
  await page.locator('.acts .primary:enabled').waitFor()
  const lanes = [page.locator('.lane').first(), page.locator('.lane').last()] as const
  const value = (within: Locator, name: string): Promise<string> =>
    within
      .locator('div', { has: page.getByText(name, { exact: true }) })
      .locator('dd')
      .innerText()
  return {
    page,
    lanes,
    start: button('Start'),
    async ask(text) {
      await page.getByRole('textbox', { name: /Prompt|提示/ }).fill(text)
    },
    async both(state) {
      for (const lane of lanes) await lane.locator('.condition', { hasText: state }).waitFor()
    },
    figure: (lane, name) => value(lanes[lane].locator('dl'), name),
    judged: name => value(page.locator('.result'), name),
    texts: () => page.locator('.said .prose').allInnerTexts(),
  }
}
