/** The page in Chromium with nothing but a keyboard. */
import type { Page } from 'playwright-core'
import t from 'tap'
import { build } from '../support/app.ts'
import { type Visitor, closeBrowser, scene } from './page.ts'

const fast = { DEMO_TOKENS_PER_SECOND: '2000' }
const phone = { viewport: { width: 390, height: 800 }, hasTouch: true }

t.setTimeout(200_000)
t.teardown(closeBrowser)

/** Wait until what the selector names has the focus. */
const focused = (page: Page, selector: string): Promise<void> =>
  page.locator(`${selector}:focus`).waitFor()

/** Where the focus has been after so many presses of Tab. */
async function tabThrough(page: Page, presses: number): Promise<Set<string>> {
  const places = new Set<string>()
  for (let i = 0; i < presses; i++) {
    await page.keyboard.press('Tab')
    const place = await page.evaluate(
      () => document.activeElement?.closest('main, nav, .settings, dialog')?.localName ?? 'none',
    )
    places.add(place)
  }
  places.delete('none')
  return places
}

const title = ({ page }: Visitor, name: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor()

scene('single keys do it all outside of fields, and nothing within', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url)
  const { page, message } = visitor
  const press = (keys: string): Promise<void> => page.keyboard.press(keys)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  for (const question of ['count to 3', 'count to 4']) {
    await message.pressSequentially(question)
    await press('Enter')
    await visitor.answer.waitFor()
    await visitor.ended()
    await title(visitor, question)
    await press('Escape')
    await focused(page, '#scroll')
    await press('n')
    await focused(page, '#message')
    await title(visitor, 'New chat')
  }
  await page.keyboard.type('njk?,')
  t.equal(await message.inputValue(), 'njk?,', 'keys write in a field')
  await press('ControlOrMeta+A')
  await press('Delete')

  const step = async (key: string): Promise<void> => {
    await press('Escape')
    await focused(page, '#scroll')
    await press(key)
  }
  await step('j')
  await title(visitor, 'count to 4')
  await step('j')
  await title(visitor, 'count to 3')
  await visitor.ended()
  await step('k')
  await title(visitor, 'count to 4')
  await visitor.ended()
  await page.goBack()
  await title(visitor, 'count to 3')
  await page.goForward()
  await title(visitor, 'count to 4')
  await visitor.ended()

  await step('c')
  await page.getByLabel('Copied').waitFor()
  t.match(await page.evaluate(() => navigator.clipboard.readText()), /1 2 3 4/)
  await press('r')
  await visitor.answer.getByText('2/2').waitFor()
  await visitor.ended()
  await step('e')
  await focused(page, '.editing textarea')
  await press('Escape')
  await focused(page, '#scroll')
  const ring = () => page.locator('#scroll').evaluate(one => getComputedStyle(one).outlineStyle)
  t.equal(await ring(), 'none', 'nobody went there to look for it')
  await press('t')
  await page.getByLabel('WebSocket').and(page.locator(':checked')).waitFor()
  await press('p')
  await visitor.connection('Resuming…')
  await visitor.connection('Connected')
  await press(',')
  await focused(page, '.settings .close')
  await press('n')
  await press('Escape')
  await page.locator('.settings').waitFor({ state: 'hidden' })
  await title(visitor, 'count to 4')
})

scene('Escape stops the answer that is being written', async (t, visit) => {
  const { url } = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '100' } })
  const visitor = await visit(url)
  await visitor.ask('count to 900')
  await visitor.counted(25)
  await visitor.page.keyboard.press('Escape')
  await visitor.answer.getByText('Stopped.').waitFor()
  await focused(visitor.page, '#message')
  t.ok((await visitor.numbers()).length < 900)
})

scene('the sheet of shortcuts keeps the focus and gives it back', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const { page, button } = await visit(url)
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await page.keyboard.press('ControlOrMeta+/')
  await sheet.waitFor()
  t.strictSame([...(await tabThrough(page, 6))], ['dialog'])
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
  await focused(page, '#message')
  await page.keyboard.press('Escape')
  await focused(page, '#scroll')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Shift+Tab')
  await focused(page, '#scroll')
  const ring = page.locator('#scroll')
  t.equal(await ring.evaluate(one => getComputedStyle(one).outlineStyle), 'solid', 'sought by key')
  await page.keyboard.press('?')
  await sheet.waitFor()
  await sheet.getByText('Single keys are shortcuts').click()
  await sheet.getByLabel('Close').click()
  await focused(page, '#scroll')
  await page.keyboard.press('?')
  t.notOk(await sheet.isVisible(), 'single keys are off')
  await button('Keyboard shortcuts').click()
  await sheet.waitFor()
  await page.mouse.click(5, 5)
  await sheet.waitFor({ state: 'hidden' })
})

scene('what lies over the page keeps the focus', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url, phone)
  const { page, button } = visitor
  await visitor.ask('count to 3')
  await visitor.ended()
  await button('Settings').click()
  await focused(page, '.settings .close')
  t.strictSame([...(await tabThrough(page, 20))], ['aside'])
  await page.keyboard.press('Escape')
  await page.locator('.settings').waitFor({ state: 'hidden' })
  await button('Conversations').click()
  await focused(page, '#list .close')
  t.strictSame([...(await tabThrough(page, 20))], ['nav'])
  await page.setViewportSize({ width: 900, height: 800 })
  await page.locator('.veil').waitFor({ state: 'detached' })
  await visitor.message.fill('a wide page has room for both')
})

scene('the list of conversations is folded away, and stays so', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const { page, button } = await visit(url)
  const list = page.getByRole('navigation', { name: 'Conversations' })
  t.ok(await list.isVisible())
  await button('Conversations').click()
  await list.waitFor({ state: 'hidden' })
  t.equal(await button('Conversations').getAttribute('aria-expanded'), 'false')
  t.equal(await page.locator('main').evaluate(main => main.getBoundingClientRect().left), 0)
  await page.reload()
  await button('Conversations').waitFor()
  t.notOk(await list.isVisible())
  await page.keyboard.press('Escape')
  await focused(page, '#scroll')
  await page.keyboard.press('b')
  await list.waitFor()
})
