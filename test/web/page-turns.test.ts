/** The page in Chromium, by what a person sees: conversations, versions, settings, languages. */
import { join } from 'node:path'
import t from 'tap'
import { build } from '../support/app.ts'
import { chunks, finish, head, reply, say } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { closeBrowser, scene } from './page.ts'

const phone = { viewport: { width: 390, height: 800 }, hasTouch: true }
const fast = { DEMO_TOKENS_PER_SECOND: '2000' }
const shots = new URL('../shots/', import.meta.url).pathname

t.setTimeout(200_000)
t.teardown(closeBrowser)

scene('an answer is given again, and both versions can be read', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  upstream.play(...say('first'))
  upstream.play(...say('second'))
  const visitor = await visit(app.url)
  const { answer } = visitor
  await visitor.ask('why?')
  const first = answer.getByText('first', { exact: true })
  await first.waitFor()
  await visitor.ended()
  await visitor.button('Answer again').click()
  await answer.getByText('second').waitFor()
  await answer.getByText('2/2').waitFor()
  await visitor.button('Previous version').click()
  await first.waitFor()
  await visitor.reload()
  await first.waitFor()
  await answer.getByText('1/2').waitFor()
  t.equal(await visitor.page.locator('.bubble').count(), 1)
})

scene('a question is edited in its place', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const visitor = await visit(app.url)
  const { page, answer } = visitor
  await visitor.ask('old question')
  await visitor.ended()
  const top = async (): Promise<number> => (await answer.boundingBox())?.y ?? 0
  const before = await top()
  await page.locator('.bubble').hover()
  await visitor.button('Edit question').click()
  await page.locator('.editing').waitFor()
  t.ok((await top()) - before < 16, 'what is below it stays where it is')
  await page.screenshot({ path: join(shots, 'editing.png') })
  const field = page.getByRole('textbox', { name: 'Edit question' })
  t.ok(await field.evaluate(element => element === document.activeElement), 'has the focus')
  await field.fill('new question')
  await field.press('Enter')
  await page.locator('.bubble', { hasText: 'new question' }).waitFor()
  await visitor.ended()
  t.match(upstream.requests.at(-1)?.body, 'new question')
  t.notMatch(upstream.requests.at(-1)?.body, 'old question')
  const rightOf = async (name: string): Promise<number | undefined> =>
    page.locator(name).evaluate(one => one.getBoundingClientRect().right)
  t.equal(await rightOf('.question .pager'), await rightOf('.bubble'), 'at the edge')
  const opacities = page.locator('.question .pager button')
  t.strictSame(await opacities.evaluateAll(all => all.map(one => getComputedStyle(one).opacity)), [
    '0.75',
    '0.4',
  ])
  await page.screenshot({ path: join(shots, 'edited.png') })
  await page.locator('.question').getByLabel('Previous version').click()
  await page.locator('.bubble', { hasText: 'old question' }).waitFor()
})

scene('conversations are listed, opened, renamed and deleted', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url)
  const { page } = visitor
  await visitor.ask('count to 11')
  await visitor.ended()
  await page.getByRole('link', { name: 'New chat' }).click()
  await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
  await visitor.ask('count to 12')
  await visitor.ended()
  const chats = page.locator('.chat a')
  await page.locator('.chat').nth(1).waitFor()
  t.strictSame(await chats.allInnerTexts(), ['count to 12', 'count to 11'], 'newest first')

  await chats.nth(1).click()
  await page.locator('.bubble', { hasText: 'count to 11' }).waitFor()
  await page.locator('.chat').nth(1).hover()
  await page.locator('.chat').nth(1).getByLabel('Options').click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  const field = page.getByRole('textbox', { name: 'Title' })
  const ring = await field.evaluate(one => getComputedStyle(one).outlineOffset)
  t.equal(ring, '-2px', 'inside, where the next entry does not lie over it')
  await field.fill('Eleven')
  await field.press('Enter')
  await page.getByRole('heading', { name: 'Eleven' }).waitFor()
  await visitor.reload()
  await page.getByRole('heading', { name: 'Eleven' }).waitFor()
  await page.locator('.bubble', { hasText: 'count to 11' }).waitFor()

  await page.locator('.chat.open').hover()
  await page.locator('.chat.open').getByLabel('Options').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
  t.strictSame(await chats.allInnerTexts(), ['count to 12'])
  t.equal(new URL(page.url()).hash, '')
})

scene('models that are not ready say what is missing', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const { page } = await visit(url)
  const options = page.getByLabel('Model').locator('option')
  await options.filter({ hasText: 'Demo' }).waitFor({ state: 'attached' })
  const missing = options.filter({ hasText: 'OPENAI_API_KEY' })
  t.ok(await missing.evaluate(option => (option as HTMLOptionElement).disabled))
  t.match(await page.getByLabel('Model').inputValue(), 'demo')
})

scene('the settings go with the question, and are kept', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const visitor = await visit(app.url)
  const { page } = visitor
  await visitor.button('Settings').click()
  await page.getByLabel('Temperature').fill('0.7')
  await page.getByLabel('Top-p').fill('0.9')
  await page.getByLabel('Max tokens').fill('321')
  await page.getByLabel('System prompt').fill('Be brief.')
  await page.screenshot({ path: join(shots, 'settings.png'), animations: 'disabled' })
  await page.keyboard.press('Escape')
  await visitor.ask('hello')
  await visitor.ended()
  const messages = [{ role: 'system', content: 'Be brief.' }, { role: 'user' }]
  t.match(upstream.requests.at(-1)?.json, { temperature: 0.7, top_p: 0.9, messages })
  t.match(upstream.requests.at(-1)?.body, '321')
  await visitor.reload()
  t.equal(await page.getByLabel('Temperature').inputValue(), '0.7')
})

scene('a model that fails is said, and asked again', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  upstream.play(reply(401, 'no'))
  const visitor = await visit(app.url)
  await visitor.ask('hello')
  await visitor.answer.getByText('The model did not take the request.').waitFor()
  await visitor.page.screenshot({ path: join(shots, 'failed.png') })
  await visitor.button('Try again').click()
  await visitor.answer.getByText('Hello world').waitFor()
})

scene('a server that wants a key asks for it', async (t, visit) => {
  const { url } = await build(t, { env: { ...fast, API_KEYS: 'secret' } })
  const visitor = await visit(url)
  for (const [i, transport] of ['SSE', 'WebSocket'].entries()) {
    const field = visitor.page.getByLabel('API key')
    if (transport === 'SSE') {
      await field.fill('secret')
      await field.press('Enter')
    }
    await visitor.page.getByText(transport, { exact: true }).click()
    await visitor.page.locator('option', { hasText: 'Demo' }).waitFor({ state: 'attached' })
    await visitor.ask('count to 15')
    await visitor.page.locator('.bubble').nth(i).waitFor()
    await visitor.ended()
    t.equal((await visitor.numbers()).length, 15, transport)
  }
})

scene('the page speaks Chinese where the browser does, and changes when told', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url, { locale: 'zh-CN' })
  const { page } = visitor
  await page.getByRole('heading', { name: '想了解什么？' }).waitFor()
  t.equal(await page.locator('html').getAttribute('lang'), 'zh')
  await visitor.ask('数到25')
  await visitor.ended()
  await page.screenshot({ path: join(shots, 'chinese.png') })
  await visitor.button('设置').click()
  await page.getByLabel('语言').selectOption('English')
  await page.getByRole('heading', { name: 'Settings' }).waitFor()
})

const hostile = [
  '<img src="https://evil.example/a.png" onerror="alert(1)">',
  '![x](https://evil.example/b.png)',
  '[click](javascript:alert(1))',
  '<script src="https://evil.example/c.js"></script>',
  '<style>@import "https://evil.example/d.css";</style>',
  '<iframe src="https://evil.example"></iframe>',
]

scene('hostile Markdown is shown as text and requests nothing', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  upstream.play(head(), chunks(...hostile.map(text => ({ content: `${text}\n\n` }))), finish())
  const visitor = await visit(app.url)
  await visitor.ask('attack')
  await visitor.ended()
  const prose = visitor.answer.locator('.prose')
  t.match(await prose.innerText(), '<script src="https://evil.example/c.js">')
  t.equal(await prose.locator('img, script, style, iframe').count(), 0)
  const links = await prose
    .locator('a')
    .evaluateAll(all => all.map(a => (a as HTMLAnchorElement).href))
  t.ok(links.every(href => href.startsWith('https://')))
  await visitor.page.screenshot({ path: join(shots, 'hostile.png') })
})

scene(
  'where there are only fingers, Enter begins a line and the button sends',
  async (t, visit) => {
    const { url } = await build(t, { env: fast })
    const { page, message, ended, button } = await visit(url, phone)
    t.equal(await message.getAttribute('enterkeyhint'), 'enter')
    await message.pressSequentially('What can\nyou do?')
    t.equal(await message.inputValue(), 'What can\nyou do?')
    await button('Send').tap()
    await ended()
    t.equal(await page.locator('.bubble').innerText(), 'What can\nyou do?')
    await button('Edit question').tap()
    const field = page.getByRole('textbox', { name: 'Edit question' })
    await field.press('ControlOrMeta+End')
    await field.pressSequentially('\nPlease.')
    await field.press('ControlOrMeta+Enter')
    await page.locator('.bubble', { hasText: 'Please.' }).waitFor()
    await ended()
    t.equal(await page.locator('.bubble').innerText(), 'What can\nyou do?\nPlease.')
  },
)

scene('on a phone the lists are a tap away', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const visitor = await visit(url, phone)
  const { page } = visitor
  await page.screenshot({ path: join(shots, 'phone-welcome.png') })
  await visitor.ask('What can you do?')
  await visitor.ended()
  await page.screenshot({ path: join(shots, 'phone.png') })
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  t.ok(width <= 390, 'nothing is wider than the screen')
  await visitor.button('Conversations').click()
  await page.locator('.sidebar.shown').waitFor()
  await page.locator('.chat a').click()
  await page.locator('.sidebar').waitFor({ state: 'hidden' })
})
