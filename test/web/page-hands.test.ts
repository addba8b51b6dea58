/** The page in Chromium, by hand: every key is pressed, and the focus is where a person looks. */
import { join } from 'node:path'
import t from 'tap'
import { build } from '../support/app.ts'
import { finish, head, reply } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { closeBrowser, scene } from './page.ts'
import { openCable } from './proxy.ts'

const fast = { DEMO_TOKENS_PER_SECOND: '2000' }
const shots = new URL('../shots/', import.meta.url).pathname

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
  const opener = page.locator('.composer').getByRole('button', { name: 'Settings' })
  const closed = async (): Promise<void> => {
    await page.locator('.settings').waitFor({ state: 'hidden' })
    await opener.and(page.locator(':focus')).waitFor()
  }
  await opener.click()
  await page.locator('.settings :focus').waitFor()
  for (const _ of ['language', 'appearance', 'temperature']) await page.keyboard.press('Tab')
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
    // What draws answers could not be fetched before, either.
    await visitor.counted(4)
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

scene('what the model could not do is said in the language of the page', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  upstream.always(reply(429, 'slow down'))
  const sentence = 'The model is asked too much just now. Please try again later.'
  const english = await visit(app.url)
  await english.ask('hello')
  const box = english.answer.locator('.failure')
  await box.waitFor()
  t.strictSame(await box.locator('p').allInnerTexts(), [
    'The model is not available now.',
    sentence,
  ])
  const chinese = await visit(app.url, { locale: 'zh-CN' })
  await chinese.ask('你好')
  const said = chinese.answer.locator('.failure p')
  await said.first().waitFor()
  t.strictSame(await said.allInnerTexts(), [
    '模型现在不可用。',
    '模型的服务可能繁忙、有故障或连接不上，请稍后重试。',
    sentence,
  ])
  t.equal(await said.last().getAttribute('lang'), 'en')
  await chinese.page.screenshot({ path: join(shots, 'failed-chinese.png') })
})

scene('an answer without a word is not a blank', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  upstream.always(head(), finish())
  const visitor = await visit(app.url)
  await visitor.ask('hello')
  await visitor.answer.getByText('The model gave no answer.').waitFor()
  await visitor.reload()
  await visitor.answer.getByText('The model gave no answer.').waitFor()
  await visitor.page.screenshot({ path: join(shots, 'no-answer.png') })
})

scene('a wrong key is said to be wrong, and the right one opens the server', async (t, visit) => {
  const { url } = await build(t, { env: { ...fast, API_KEYS: 'secret' } })
  const { page, button } = await visit(url)
  const form = page.locator('.notice.key')
  await form.getByText('This server wants an API key.').waitFor()
  await form.getByText('Whoever runs the server has one for you.').waitFor()
  await page.getByLabel('API key').pressSequentially('guess')
  await button('Use this key').click()
  await form.getByText('This key was not accepted.').waitFor()
  await page.screenshot({ path: join(shots, 'wrong-key.png') })
  await page.getByLabel('API key').pressSequentially('secret')
  await page.keyboard.press('Enter')
  await page.locator('option', { hasText: 'Demo' }).waitFor({ state: 'attached' })
  await form.waitFor({ state: 'detached' })
})

scene('the other language is in sight, and headings begin at the first level', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url)
  const { page } = visitor
  const levels = (): Promise<string[]> =>
    page.getByRole('heading').evaluateAll(all => all.map(heading => heading.tagName))
  t.strictSame(await levels(), ['H1', 'H2'])
  await visitor.button('中文').click()
  await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
  await page.screenshot({ path: join(shots, 'language.png') })
  await visitor.button('设置').click()
  await page.getByRole('complementary', { name: '设置' }).waitFor()
  await page.keyboard.press('Escape')
  await visitor.button('English').click()
  await visitor.ask('count to 3')
  await visitor.ended()
  t.strictSame(await levels(), ['H1', 'H2', 'H2'], 'one a turn')
})
