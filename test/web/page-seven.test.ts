/** The page in several tabs of one Chromium, which has six connections for all of them. */
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { type Visitor, closeBrowser, scene } from './page.ts'

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1)
const paced = { DEMO_TOKENS_PER_SECOND: '10' }

t.setTimeout(200_000)
t.teardown(closeBrowser)

/** Tests have every page in front, as far as it knows; this says otherwise. */
const set = ({ page }: Visitor, to: 'hidden' | 'visible'): Promise<void> =>
  page.evaluate(to => {
    Object.defineProperty(document, 'hidden', { value: to === 'hidden', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, to)

/** The numbers grow under the eyes of whoever looks. */
async function grows(t: Test, visitor: Visitor): Promise<void> {
  await visitor.writing()
  const seen = (await visitor.numbers()).length
  await visitor.page.waitForFunction(
    seen =>
      (document.querySelector('.answer .prose')?.textContent?.match(/\d+/g) ?? []).length >
      seen + 2,
    seen,
  )
  t.pass('grows')
}

scene('seven tabs show one answer growing, and all of them can be used', async (t, visit) => {
  const { url } = await build(t, { env: paced })
  const first = await visit(url)
  await first.ask('count to 2000')
  await first.page.waitForURL(/#cnv_/)
  const tabs = [first]
  for (let i = 2; i <= 7; i++) tabs.push(await first.tab())
  for (const tab of tabs) await grows(t, tab)
  const over = await Promise.all(
    tabs.map(({ page }) => page.locator('#wire-details').textContent()),
  )
  t.equal(over.filter(text => text?.includes('Over SSE')).length, 3)
  t.equal(over.filter(text => text?.includes('other tabs')).length, 4)

  const seventh = tabs.at(-1)
  await seventh?.button('Stop').click()
  for (const tab of tabs) await tab.answer.getByText('Stopped.').waitFor()
  const counted = await first.numbers()
  for (const tab of tabs) t.strictSame(await tab.numbers(), counted)
  await seventh?.ask('count to 9')
  for (const tab of tabs) {
    await tab.page.locator('.bubble').nth(1).waitFor()
    await tab.ended()
    t.strictSame(await tab.numbers(), upTo(9), 'who looked on sees the next answer, too')
  }
})

scene('seven tabs, where the browser has no locks', async (t, visit) => {
  const { url } = await build(t, { env: paced })
  const first = await visit(url)
  // As over plain HTTP from another machine.
  await first.page.context().addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'locks')
  })
  await first.page.reload()
  await first.ask('count to 2000')
  await first.page.waitForURL(/#cnv_/)
  const tabs = [first]
  for (let i = 2; i <= 7; i++) {
    await set(tabs[i - 2] ?? first, 'hidden')
    tabs.push(await first.tab())
  }
  for (const tab of tabs) await grows(t, tab)
  await tabs.at(-1)?.button('Stop').click()
  for (const tab of tabs) await tab.answer.getByText('Stopped.').waitFor()
})

scene('an answer that ends in a hidden tab is told by its title', async (t, visit) => {
  const { url } = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '200' } })
  const visitor = await visit(url)
  await visitor.ask('count to 60')
  await set(visitor, 'hidden')
  await visitor.page.waitForFunction(() => document.title.startsWith('✓ '))
  await set(visitor, 'visible')
  t.equal(await visitor.page.title(), 'count to 60 – ChatAI')
})
