/** The page in Chromium: connections that are cut, switched and lost, and answers that go on. */
import { join } from 'node:path'
import t from 'tap'
import { build } from '../support/app.ts'
import { randomFrom } from '../support/random.ts'
import { type Visitor, closeBrowser, scene } from './page.ts'
import { openCable } from './proxy.ts'

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1)
const paced = { DEMO_TOKENS_PER_SECOND: '100' }
const shots = new URL('../shots/', import.meta.url).pathname
const transports = ['SSE', 'WebSocket'] as const

t.setTimeout(200_000)
t.teardown(closeBrowser)

const choose = ({ page }: Visitor, transport: string): Promise<void> =>
  page.getByText(transport, { exact: true }).click()

for (const transport of transports) {
  scene(`${transport}: a pulled plug costs no word of the answer`, async (t, visit) => {
    const { url } = await build(t, { env: paced })
    const visitor = await visit(url)
    await choose(visitor, transport)
    await visitor.connection('Connected')
    await visitor.ask('count to 280')
    await visitor.counted(35)
    await visitor.button('Pull the plug').click()
    await visitor.connection('Resuming…')
    await visitor.answer.getByText('Connection lost, resuming…').waitFor()
    const seen = await visitor.numbers()
    await visitor.connection('Connected')
    await visitor.counted(seen.length + 25 - (seen.length % 10))

    await visitor.button('Pull the plug').click()
    await visitor.button('Plug it in again').click()
    await visitor.connection('Connected')
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(280))

    await visitor.message.hover()
    await visitor.button('Pull the plug').hover()
    await visitor.page.getByText('Cuts the connection to the server.').waitFor()
    await visitor.page.locator('.wire').focus()
    await visitor.page.getByText(`Over ${transport}`).waitFor()
    await visitor.page.getByText('Came back 2 times').waitFor()
    await visitor.page.keyboard.press('Escape')
    await visitor.page.getByText(`Over ${transport}`).waitFor({ state: 'hidden' })
  })

  scene(`${transport}: with nothing to cut the plug is pulled all the same`, async (t, visit) => {
    const { url } = await build(t, { env: paced })
    const visitor = await visit(url)
    await choose(visitor, transport)
    await visitor.page.locator('option').first().waitFor({ state: 'attached' })
    await visitor.button('Pull the plug').click()
    await visitor.connection('Resuming…')
    await visitor.ask('count to 30')
    await visitor.connection('Connected')
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(30))
    t.equal(await visitor.page.locator('.bubble').count(), 1)
  })

  scene(`${transport}: offline is said, and left as soon as it can be`, async (t, visit) => {
    const { url } = await build(t, { env: paced })
    const cable = await openCable(t, url)
    const visitor = await visit(cable.url)
    await choose(visitor, transport)
    await visitor.ask('count to 300')
    await visitor.counted(35)
    await visitor.page.context().setOffline(true)
    cable.cut()
    await visitor.connection('Offline')
    await visitor.answer.getByText('Server not reachable, trying again…').waitFor()
    cable.mend()
    await visitor.page.context().setOffline(false)
    await visitor.connection('Connected')
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(300))
  })

  scene(`${transport}: whoever is offline again is told at once`, async (t, visit) => {
    const { url } = await build(t, { env: paced })
    const visitor = await visit(url)
    const offline = (is: boolean) => visitor.page.context().setOffline(is)
    await choose(visitor, transport)
    await visitor.ask('count to 200')
    await visitor.counted(35)
    // The second time the page still looks into the first.
    for (let i = 0; i < 2; i++) {
      await offline(true)
      await visitor.connection('Offline')
      await offline(false)
      await visitor.connection('Connected')
    }
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(200))
    await offline(true)
    await visitor.connection('Offline')
    await visitor.ask('count to 30')
    await visitor.answer.getByText('Server not reachable, trying again…').waitFor()
    await offline(false)
    await visitor.connection('Connected')
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(30))
  })

  scene(`${transport}: an answer survives reloads at any moment`, async (t, visit) => {
    const seed = Math.trunc(Math.random() * 2 ** 31)
    t.comment(`seed ${seed}`)
    const random = randomFrom(seed)
    const { url } = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '40' } })
    const visitor = await visit(url)
    await choose(visitor, transport)
    await visitor.ask('count to 250')
    await visitor.page.waitForURL(/#cnv_/)
    for (let i = 0; i < 5; i++) {
      await visitor.page.waitForFunction(hasGrownBy, Math.trunc(random() * 15))
      await visitor.page.reload()
    }
    await visitor.writing()
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(250))
  })
}

/** Runs in the page. Nothing to wait for is a moment, too: before anything is there again. */
function hasGrownBy(more: number): boolean {
  const text = document.querySelector('.answer .prose')?.textContent ?? ''
  const numbers = text.match(/\d+/g)?.length ?? 0
  const { dataset } = document.documentElement
  if (numbers > 0) dataset['first'] ??= String(numbers)
  return more === 0 || numbers >= Number(dataset['first'] ?? Infinity) + more
}

scene(
  'the connection is known where no answer runs, and asked for until it is back',
  async (t, visit) => {
    const { url } = await build(t, { env: paced })
    const cable = await openCable(t, url)
    const visitor = await visit(cable.url)
    await visitor.page.locator('option').first().waitFor({ state: 'attached' })
    let asked = 0
    visitor.page.on('request', () => asked++)
    await visitor.page.context().setOffline(true)
    await visitor.connection('Offline')
    await visitor.page.context().setOffline(false)
    await visitor.connection('Connected')
    t.ok(asked <= 3, `asked ${asked} times`)

    cable.cut()
    await visitor.page.evaluate(() => dispatchEvent(new Event('offline')))
    await visitor.connection('Offline')
    cable.mend()
    await visitor.connection('Connected')
  },
)

scene('the header stays where it is, however the connection is', async (t, visit) => {
  const { url } = await build(t, { env: paced })
  const places = [
    [360, 'en-US'],
    [768, 'en-US'],
    [1200, 'en-US'],
    [1200, 'zh-CN'],
  ] as const
  for (const [width, locale] of places) {
    const { page } = await visit(url, { viewport: { width, height: 700 }, locale })
    await page.locator('option').first().waitFor({ state: 'attached' })
    const where = () =>
      page
        .locator('.top :is(button, a, label, .title)')
        .evaluateAll(all => all.map(one => one.getBoundingClientRect().left))
    const before = await where()
    for (const how of ['offline', 'resuming']) {
      if (how === 'offline') await page.context().setOffline(true)
      else await page.locator('[aria-describedby=plug-details]').click()
      await page.locator(`.wire.${how}`).waitFor()
      t.strictSame(await where(), before, `${how}, ${width} px, ${locale}`)
      await page.locator(`.wire.${how} [data-now]`).waitFor()
      const shot = join(shots, `wire-${how}-${width}-${locale}.png`)
      await page.screenshot({ path: shot, animations: 'disabled' })
      await page.context().setOffline(false)
      await page.locator('.wire.connected').waitFor()
    }
  }
})

scene(
  'what is known of the connection is shown to who points at it or presses',
  async (t, visit) => {
    const { url } = await build(t, { env: paced })
    const { page } = await visit(url, { viewport: { width: 1200, height: 700 } })
    const box = page.locator('#wire-details')
    await page.locator('.wire').hover()
    await box.waitFor()
    t.match(await box.innerText(), /^Over SSE\nSince .*\nNever interrupted$/)
    await page.locator('.wire').click()
    t.ok(await box.isVisible(), 'a press does not hide it')
    await page.locator('[aria-describedby=plug-details]').hover()
    await box.waitFor({ state: 'hidden' })
    await page.locator('#plug-details strong', { hasText: 'Pull the plug' }).waitFor()
    await page.screenshot({ path: join(shots, 'plug-hint.png') })
  },
)

scene(
  'the transport is switched at every tenth event, and nothing is lost or doubled',
  async (t, visit) => {
    const { url } = await build(t, { env: paced })
    const visitor = await visit(url)
    await visitor.page.evaluate(switchEveryTenth)
    await visitor.ask('count to 400')
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(400))
    const switches = await visitor.page.evaluate(() => document.documentElement.dataset['switches'])
    t.ok(Number(switches) >= 35, `switched ${switches} times`)
  },
)

/** Runs in the page, which has the count of what came: a number is a piece, and a piece an event. */
function switchEveryTenth(): void {
  let switches = 0
  const watch = (): void => {
    const text = document.querySelector('.answer .prose')?.textContent ?? ''
    const counted = text.match(/\d+/g)?.length ?? 0
    if (counted < (switches + 1) * 10) return
    switches++
    document.documentElement.dataset['switches'] = String(switches)
    document.querySelector<HTMLElement>('[name=transport]:not(:checked)')?.click()
  }
  new MutationObserver(watch).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
  })
}
