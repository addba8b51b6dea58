/** The page in Chromium: the list of conversations, what is deleted from it, and other tabs. */
import t from 'tap'
import { build } from '../support/app.ts'
import { chunks, head, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { chat, choose, goneFrom, seed, statusOf, titles } from './history.ts'
import { closeBrowser, scene } from './page.ts'

const fast = { DEMO_TOKENS_PER_SECOND: '2000' }

t.setTimeout(200_000)
t.teardown(closeBrowser)

const three = [{ title: 'Bread' }, { title: 'Butter' }, { title: 'Salt', daysAgo: 1 }]

scene('conversations stand under their days, in the language of the page', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  await seed(url, [
    { title: 'Now' },
    { title: 'Before', daysAgo: 1 },
    { title: 'This week', daysAgo: 6 },
    { title: 'This month', daysAgo: 20 },
    { title: 'Long ago', daysAgo: 500 },
  ])
  const { page, button } = await visit(url)
  const names = async (): Promise<(string | null)[]> => {
    const lists = page.locator('.chats').getByRole('list')
    return Promise.all((await lists.all()).map(list => list.getAttribute('aria-labelledby'))).then(
      ids => Promise.all(ids.map(id => page.locator(`#${id}`).textContent())),
    )
  }
  const listed = (name: string): Promise<string> =>
    page.getByRole('list', { name, exact: true }).innerText()
  await chat(page, 'Now').waitFor()
  const month = (language: string): string =>
    new Date(Date.now() - 500 * 86_400_000).toLocaleDateString(language, {
      month: 'long',
      year: 'numeric',
    })
  t.strictSame(await names(), [
    'Today',
    'Yesterday',
    'Previous 7 days',
    'Previous 30 days',
    month('en'),
  ])
  t.equal(await listed('Yesterday'), 'Before')
  await button('中文').click()
  await page.getByText('昨天').waitFor()
  t.strictSame(await names(), ['今天', '昨天', '过去 7 天', '过去 30 天', month('zh')])
  t.equal(await listed(month('zh')), 'Long ago')
})

scene('what is deleted is gone at once, and comes back by Undo as it was', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const [, butter = ''] = await seed(url, three)
  const { page, button } = await visit(`${url}/#${butter}`)
  const toast = page.locator('.toast')
  await page.locator('.bubble', { hasText: 'Butter?' }).waitFor()
  await choose(page, 'Butter', 'Delete')
  await toast.getByText('Deleted').waitFor()
  t.strictSame(await titles(page), ['Bread', 'Salt'])
  await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
  t.equal(new URL(page.url()).hash, '')
  t.equal(await statusOf(url, butter), 200, 'the server has it still')
  await button('Undo').click()
  await page.locator('.bubble', { hasText: 'Butter?' }).waitFor()
  t.strictSame(await titles(page), ['Bread', 'Butter', 'Salt'])
  t.equal(await page.locator('.chat.open').innerText(), 'Butter')
  t.equal(new URL(page.url()).hash, `#${butter}`)
  await toast.waitFor({ state: 'detached' })
})

scene(
  'after its time a deletion is for good, but not while somebody is at it',
  async (t, visit) => {
    const { url } = await build(t, { env: fast })
    const [bread = '', butter = '', salt = ''] = await seed(url, three)
    const { page } = await visit(url)
    const toast = page.locator('.toast')
    await chat(page, 'Bread').waitFor()
    await page.clock.install()
    await choose(page, 'Bread', 'Delete')
    await page.clock.fastForward(7000)
    await toast.hover()
    await page.clock.fastForward(600_000)
    t.ok(await toast.isVisible(), 'it waits under the pointer')
    t.equal(await statusOf(url, bread), 200)
    await page.mouse.move(800, 300)
    await page.clock.fastForward(2000)
    await toast.waitFor({ state: 'detached' })
    await goneFrom(url, bread)

    await choose(page, 'Butter', 'Delete')
    await choose(page, 'Salt', 'Delete')
    await goneFrom(url, butter)
    t.equal(await statusOf(url, salt), 200, 'another deletion ends the way back of the one before')
    await toast.getByText('Salt').waitFor()
    await page.goto('about:blank')
    await goneFrom(url, salt)
  },
)

scene('what the server does not let go comes back, and is told', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  await seed(url, three)
  const { page } = await visit(url)
  await chat(page, 'Bread').waitFor()
  await page.clock.install()
  await page.route('**/conversations/cnv_*', route =>
    route.fulfill({
      status: 500,
      contentType: 'application/json',
      body: '{"error":{"code":"internal","message":"x"}}',
    }),
  )
  await choose(page, 'Bread', 'Delete')
  await page.locator('.toast').waitFor()
  await page.clock.fastForward(8000)
  await page.getByRole('alert').getByText('Something went wrong inside the server.').waitFor()
  t.strictSame(await titles(page), ['Bread', 'Butter', 'Salt'])
})

scene('an answer that is being written is deleted with its conversation', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const more = Promise.withResolvers<void>()
  upstream.play(
    head(),
    chunks({ content: 'one ' }),
    until(more.promise),
    chunks({ content: 'two ' }),
  )
  const visitor = await visit(app.url)
  const { page, answer, button } = visitor
  await visitor.ask('Count')
  await answer.getByText('one').waitFor()
  await chat(page, 'Count').waitFor()
  await page.clock.install()
  await choose(page, 'Count', 'Delete')
  await answer.waitFor({ state: 'detached' })
  more.resolve()
  await button('Undo').click()
  await answer.getByText('one two').waitFor()
  await visitor.writing()
  await choose(page, 'Count', 'Delete')
  await page.clock.fastForward(8000)
  await upstream.drained()
  await page.locator('.toast').waitFor({ state: 'detached' })
  t.strictSame(await titles(page), [])
  t.equal(app.chat.live, 0)
})

scene('the menu, the deletion and the way back go by keys', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  await seed(url, three)
  const { page } = await visit(url)
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const { ariaLabel, textContent } = document.activeElement ?? {}
      return (ariaLabel ?? textContent ?? '').trim()
    })
  await chat(page, 'Bread').waitFor()
  await page.getByRole('searchbox').focus()
  await page.keyboard.press('Tab')
  t.equal(await focused(), 'Bread')
  await page.keyboard.press('Tab')
  t.equal(await focused(), 'Options: Bread')
  await page.keyboard.press('Enter')
  await page.locator('[role=menuitem]:focus').waitFor()
  const passed = [await focused()]
  for (const key of ['ArrowDown', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'End', 'Home']) {
    await page.keyboard.press(key)
    passed.push(await focused())
  }
  const [rename, exported, , last] = ['Rename', 'Export as Markdown', '', 'Delete']
  t.strictSame(passed, [rename, exported, rename, last, rename, last, rename])
  await page.keyboard.press('Escape')
  await page.locator('.menu').waitFor({ state: 'detached' })
  t.equal(await focused(), 'Options: Bread', 'the focus is back')
  await page.keyboard.press('Enter')
  await page.locator('[role=menuitem]:focus').waitFor()
  await page.keyboard.press('End')
  await page.clock.install()
  await page.keyboard.press('Enter')
  await page.locator('.undo:focus').waitFor()
  await page.clock.fastForward(600_000)
  t.equal(await focused(), 'Undo', 'and it waits')
  await page.keyboard.press('Enter')
  await page.locator('.toast').waitFor({ state: 'detached' })
  t.equal(await focused(), 'Bread')
  await page.locator('main').click()
  await chat(page, 'Butter').hover()
  await chat(page, 'Butter').locator('.options').click()
  await page.locator('.menu').waitFor()
  await page.locator('main').click()
  await page.locator('.menu').waitFor({ state: 'detached' })
})
