/** client.html in Chromium: in two languages, in both themes, on a phone, and what can be copied. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { openBrowser } from '../support/browser.ts'

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
}

const shots = new URL('../shots/', import.meta.url).pathname
const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core')), 'utf8')
const browser = await openBrowser()
t.setTimeout(120_000)
t.teardown(() => browser.close())

type Visit = (options: BrowserContextOptions) => Promise<Page>

/** In all of them no script fails, nothing is against the policy, and nothing is had from elsewhere. */
function scene(name: string, act: (t: Test, visit: Visit) => Promise<void>): void {
  void t.test(name, async t => {
    const faults: string[] = []
    const { url } = await build(t)
    await act(t, async options => {
      const context = await browser.newContext(options)
      t.teardown(() => context.close())
      const page = await context.newPage()
      page.on('pageerror', error => faults.push(error.message))
      page.on('console', message => message.type() === 'error' && faults.push(message.text()))
      page.on('request', request => request.url().startsWith(url) || faults.push(request.url()))
      await page.goto(`${url}/client.html`)
      await page
        .getByRole('button', { name: /^(Copy|复制)$/ })
        .first()
        .waitFor()
      return page
    })
    t.same(faults, [], 'the page behaved')
  })
}

for (const [locale, colorScheme, heading] of [
  ['en-GB', 'light', 'The client library'],
  ['zh-CN', 'dark', '客户端库'],
] as const) {
  scene(`in ${locale}, ${colorScheme}`, async (t, visit) => {
    const page = await visit({ locale, colorScheme })
    const lang = locale.slice(0, 2)
    t.equal(await page.locator('html').getAttribute('lang'), lang)
    await page.getByRole('heading', { name: heading, exact: true }).waitFor()
    t.equal(await page.locator(`main [lang]:not([lang=${lang}]):visible`).count(), 0)
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: Axe }).axe.run(),
    )
    t.same(violations, [])
    await page.screenshot({ path: join(shots, `client-${lang}.png`), fullPage: true })
  })
}

scene('every word stands in both languages', async (t, visit) => {
  const page = await visit({})
  const alone = await page.locator('main [lang]').evaluateAll(all =>
    all.flatMap(element => {
      const { lang, textContent, parentElement } = element as HTMLElement
      const twin = parentElement?.querySelector(`:scope > [lang=${lang === 'en' ? 'zh' : 'en'}]`)
      return twin?.textContent?.trim() ? [] : [textContent]
    }),
  )
  t.same(alone, [])
  const bare = await page.locator('main :is(p, td, th, h1, h2)').evaluateAll(all =>
    all.flatMap(element => {
      const copy = element.cloneNode(true) as Element
      for (const part of copy.querySelectorAll('[lang], code, a')) part.remove()
      return /[^\s,;:·…]/.test(copy.textContent ?? '') ? [copy.textContent] : []
    }),
  )
  t.same(bare, [], 'and none in neither')
})

scene('the language is changed by a button, for the chat as well', async (_, visit) => {
  const page = await visit({ locale: 'en-US' })
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('heading', { name: '客户端库', exact: true }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: '客户端库', exact: true }).waitFor()
  await page.getByRole('link', { name: 'ChatAI' }).click()
  await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
})

scene('the appearance that was chosen in the chat is that of this page', async (t, visit) => {
  const page = await visit({ colorScheme: 'light' })
  const scheme = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
  t.equal(await scheme(), 'light dark')
  await page.getByRole('link', { name: 'ChatAI' }).click()
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByLabel('Appearance').selectOption('Dark')
  await page.goBack()
  await page.reload()
  t.equal(await scheme(), 'dark')
})

scene('an example is copied with the address of this server in it', async (t, visit) => {
  const page = await visit({ permissions: ['clipboard-read', 'clipboard-write'] })
  await page.getByRole('button', { name: 'Copy' }).first().click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  const here = new URL('./', page.url()).href
  t.match(copied, `import { openLink } from '${here}client.js'\n\n  const answer`)
  t.match(copied, /^<!doctype html>\n[^]*<\/script>\n$/)
})

scene('on a phone nothing is wider than the screen', async (t, visit) => {
  const page = await visit({ viewport: { width: 360, height: 740 }, locale: 'zh-CN' })
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360)
  await page.screenshot({ path: join(shots, 'client-phone.png') })
})
