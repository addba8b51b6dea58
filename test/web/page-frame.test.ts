/** The page in Chromium: how it begins, how it looks, and that it stays where its reader is. */
import { gzipSync } from 'node:zlib'
import type { Response } from 'playwright-core'
import t from 'tap'
import { build } from '../support/app.ts'
import { type Visitor, closeBrowser, scene } from './page.ts'

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1)
const fast = { DEMO_TOKENS_PER_SECOND: '2000' }
const FIRST_LOAD_BYTES = 60 * 1024

t.setTimeout(200_000)
t.teardown(closeBrowser)

const model = ({ page }: Visitor): Promise<void> =>
  page.locator('option', { hasText: 'Demo' }).waitFor({ state: 'attached' })

scene(
  'all that comes at first is small, and one request later it can be used',
  async (t, visit) => {
    const { url } = await build(t, { env: fast })
    const visitor = await visit(url)
    const { page } = visitor
    const sizes: Promise<number>[] = []
    const asked: string[] = []
    const onResponse = (response: Response): void => {
      const { pathname } = new URL(response.url())
      if (pathname.startsWith('/api/')) asked.push(pathname)
      else sizes.push(response.body().then(body => gzipSync(body).byteLength))
    }
    page.on('response', onResponse)
    // Whatever else is asked for does not come.
    await page.route(/conversations/, () => undefined)
    await page.reload()
    await model(visitor)
    t.strictSame(asked, ['/api/ai/models'])
    page.off('response', onResponse)
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size)
    t.ok(bytes > 10_000 && bytes <= FIRST_LOAD_BYTES, `${bytes} bytes`)
    await visitor.ask('count to 20')
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(20))
  },
)

scene('a conversation that is slow to come does not stop the next question', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url)
  const { page } = visitor
  await visitor.ask('count to 10')
  await visitor.ended()
  await page.waitForURL(/#cnv_/)
  const late = Promise.withResolvers<void>()
  await page.route(/conversations/, async route => {
    await late.promise
    await route.continue()
  })
  await page.reload()
  await page.getByText('Loading the conversation…').waitFor()
  await visitor.ask('count to 20')
  await visitor.ended()
  t.strictSame(await visitor.numbers(), upTo(20))
  late.resolve()
  await page.locator('.bubble').nth(1).waitFor()
  t.strictSame(await page.locator('.bubble').allInnerTexts(), ['count to 10', 'count to 20'])
})

scene('answers are drawn as soon as what draws them is there', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url)
  const { page } = visitor
  await page.route(/prose/, route => route.abort())
  await visitor.ask('count to 20')
  await page.getByText('A part of the page did not come.').waitFor()
  await page.unroute(/prose/)
  const late = Promise.withResolvers<void>()
  await page.route(/prose/, async route => {
    await late.promise
    await route.continue()
  })
  await page.reload()
  await visitor.ended()
  late.resolve()
  await visitor.answer.getByText('20').first().waitFor()
  t.strictSame(await visitor.numbers(), upTo(20))
})

scene('light or dark is chosen, kept, and there before anything is painted', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url, { colorScheme: 'light' })
  const { page } = visitor
  const paper = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  const light = await paper()
  await visitor.button('Settings').click()
  await page.getByLabel('Appearance').selectOption({ label: 'Dark' })
  await page.waitForFunction(
    light => getComputedStyle(document.documentElement).backgroundColor !== light,
    light,
  )
  const dark = await paper()
  // Nothing but the frame comes: this is what is seen before the page is drawn.
  await page.route(/assets\/.*\.js/, route => route.abort())
  await page.reload()
  t.equal(await paper(), dark)
  await page.unroute(/assets\/.*\.js/)
  await page.reload()
  await visitor.button('Settings').click()
  await page.getByLabel('Appearance').selectOption({ label: 'As the system' })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.waitForFunction(
    dark => getComputedStyle(document.documentElement).backgroundColor === dark,
    dark,
  )
  await page.emulateMedia({ colorScheme: 'light' })
  t.equal(await paper(), light)
})

scene('nothing moves for those who do not want it to', async (t, visit) => {
  const { url } = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '100' } })
  const visitor = await visit(url, { reducedMotion: 'reduce' })
  await visitor.ask('count to 200')
  await visitor.counted(15)
  await visitor.button('Pull the plug').click()
  await visitor.connection('Resuming…')
  t.equal(await visitor.page.evaluate(() => document.getAnimations().length), 0)
  await visitor.connection('Connected')
})

/** The end is in view, or comes into it with the next frame. */
async function atEnd({ page }: Visitor): Promise<void> {
  await page.waitForFunction(() => {
    const scroller = document.querySelector('#scroll')
    if (!scroller) return false
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 4
  })
}

/** CSS pixels from what is in view to the end. */
const fromEnd = ({ page }: Visitor): Promise<number> =>
  page
    .locator('#scroll')
    .evaluate(
      ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight,
    )

scene('who scrolls up by a little, or by keys, is left there', async (t, visit) => {
  const { url } = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '200' } })
  const visitor = await visit(url, { viewport: { width: 900, height: 500 } })
  const { page } = visitor
  await visitor.ask('count to 900')
  await visitor.counted(255)
  await atEnd(visitor)
  await page.locator('#scroll').hover()
  await page.mouse.wheel(0, -3)
  await page.locator('.latest.shown').waitFor()
  const top = await page.locator('#scroll').evaluate(({ scrollTop }) => scrollTop)
  await visitor.counted(405)
  t.equal(await page.locator('#scroll').evaluate(({ scrollTop }) => scrollTop), top)
  await visitor.button('Jump to latest').click()
  await page.locator('#message:focus').waitFor()
  await visitor.counted(505)
  await atEnd(visitor)
  await page.keyboard.press('PageUp')
  await page.locator('.latest.shown').waitFor()
  await visitor.counted(605)
  t.ok((await fromEnd(visitor)) > 200, 'stays')
  while (await page.locator('.latest.shown').isVisible()) await page.keyboard.press('PageDown')
  await visitor.ended()
  await atEnd(visitor)
})

scene('what appears late or grows does not push the end out of view', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url, { viewport: { width: 900, height: 500 } })
  const { page } = visitor
  await visitor.ask('write a long answer')
  await visitor.ended()
  await page.evaluate(() => {
    const late = document.createElement('div')
    late.style.height = '300px'
    document.querySelector('.answer .prose')?.prepend(late)
  })
  await atEnd(visitor)
  await page.setViewportSize({ width: 900, height: 300 })
  await page.waitForFunction(() => innerHeight === 300)
  await atEnd(visitor)
  await visitor.message.fill('one\ntwo\nthree')
  await atEnd(visitor)
})

scene('what went wrong is said once, with what to do, and can be put away', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url)
  const { page } = visitor
  const notice = page.locator('.notice')
  for (const id of ['cnv_0000000000000000000000', 'cnv_1111111111111111111111']) {
    await page.evaluate(id => void (location.hash = id), id)
    await notice.getByText('This was not found.').waitFor()
  }
  t.equal(await notice.count(), 1)
  t.match(await notice.innerText(), /deleted/)
  await notice.getByLabel('Close').click()
  await notice.waitFor({ state: 'detached' })
  await page.locator('#message:focus').waitFor()
})
