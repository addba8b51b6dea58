/** The page in Chromium, by hand: every key is pressed, and the focus is where a person looks. */
import t from 'tap'
import { build } from '../support/app.ts'
import { closeBrowser, scene } from './page.ts'
import { openCable } from './proxy.ts'

const fast = { DEMO_TOKENS_PER_SECOND: '2000' }

t.setTimeout(200_000)
t.teardown(closeBrowser)

scene('a question is edited key by key', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url)
  const { page } = visitor
  await visitor.message.pressSequentially('count to 3')
  await page.keyboard.press('Enter')
  await visitor.ended()
  await visitor.button('Edit question').click()
  const field = page.getByRole('textbox', { name: 'Edit question' })
  await field.and(page.locator(':focus')).waitFor()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('count to 4', { delay: 30 })
  t.equal(await field.inputValue(), 'count to 4')
  t.equal(await visitor.message.inputValue(), '')
  await page.keyboard.press('Escape')
  await visitor.message.and(page.locator(':focus')).waitFor()
  await visitor.button('Edit question').click()
  await field.and(page.locator(':focus')).waitFor()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('count to 5', { delay: 30 })
  await page.keyboard.press('Enter')
  await page.locator('.bubble', { hasText: 'count to 5' }).waitFor()
  await visitor.ended()
  t.strictSame(await visitor.numbers(), [1, 2, 3, 4, 5])
  await visitor.message.and(page.locator(':focus')).waitFor()
})

scene('the settings take the focus and give it back', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url)
  const { page } = visitor
  const opener = page.locator('.composer').getByRole('button', { name: 'Parameters' })
  const closed = async (): Promise<void> => {
    await page.locator('.settings').waitFor({ state: 'hidden' })
    await opener.and(page.locator(':focus')).waitFor()
  }
  await opener.click()
  await page.locator('.settings :focus').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.type('0.7')
  await page.keyboard.press('Escape')
  await closed()
  await page.keyboard.press('Enter')
  await page.locator('.settings :focus').waitFor()
  t.equal(await page.getByLabel('Temperature').inputValue(), '0.7', 'what was typed counts')
  await page.locator('.veil').click({ position: { x: 5, y: 5 } })
  await closed()
  await opener.click()
  await visitor.message.focus()
  await page.keyboard.press('Escape')
  await closed()
  await opener.click()
  await page.locator('.settings').getByLabel('Close').click()
  await closed()
})

for (const transport of ['SSE', 'WebSocket']) {
  scene(`${transport}: a question to a server that is down can be taken back`, async (t, visit) => {
    const { url } = await build(t, { env: fast })
    const cable = await openCable(t, url)
    const visitor = await visit(cable.url)
    const { page, message } = visitor
    await page.getByText(transport, { exact: true }).click()
    await page.locator('option', { hasText: 'Demo' }).waitFor({ state: 'attached' })
    cable.cut()
    await message.pressSequentially('count to 3')
    await page.keyboard.press('Enter')
    await visitor.answer.getByText('Server not reachable, trying again…').waitFor()
    await message.pressSequentially('and more')
    await visitor.button('Stop').click()
    await visitor.answer.waitFor({ state: 'detached' })
    t.equal(await message.inputValue(), 'count to 3\n\nand more')
    await message.and(page.locator(':focus')).waitFor()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('count to 4')
    await page.keyboard.press('Enter')
    await visitor.answer.getByText('Server not reachable, trying again…').waitFor()
    cable.mend()
    await visitor.ended()
    t.strictSame(await visitor.numbers(), [1, 2, 3, 4])
    t.strictSame(await page.locator('.bubble').allInnerTexts(), ['count to 4'])
    t.equal(await page.locator('.chat').count(), 1)

    cable.cut()
    await visitor.button('Edit question').click()
    const field = page.getByRole('textbox', { name: 'Edit question' })
    await field.and(page.locator(':focus')).waitFor()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('count to 5')
    await page.keyboard.press('Enter')
    await visitor.answer.getByText('Server not reachable, trying again…').waitFor()
    await visitor.button('Stop').click()
    await field.waitFor()
    t.equal(await field.inputValue(), 'count to 5')
    await field.and(page.locator(':focus')).waitFor()
  })
}
