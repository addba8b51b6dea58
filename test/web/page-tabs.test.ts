/** The page in Chromium: what is done in one tab is seen in the others. */
import { join } from 'node:path'
import t from 'tap'
import { build } from '../support/app.ts'
import { chunks, finish, head, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { chat, choose, seed, titles } from './history.ts'
import { closeBrowser, scene } from './page.ts'

const fast = { DEMO_TOKENS_PER_SECOND: '2000' }
const shots = new URL('../shots/', import.meta.url).pathname

t.setTimeout(200_000)
t.teardown(closeBrowser)

const three = [
  { title: 'Bread' },
  { title: 'Butter' },
  { title: 'Salt', daysAgo: 1, model: 'fake' },
]

scene('other tabs see what is renamed, deleted and begun', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  await seed(app.url, three)
  const first = await visit(app.url)
  const { page } = first
  await chat(page, 'Bread').waitFor()
  const second = await page.context().newPage()
  await second.goto(app.url)
  await chat(second, 'Salt').click()
  await second.locator('.bubble', { hasText: 'Salt?' }).waitFor()
  await choose(page, 'Salt', 'Rename')
  await page.getByRole('textbox', { name: 'Title' }).fill('Pepper')
  await page.keyboard.press('Enter')
  await second.getByRole('heading', { name: 'Pepper' }).waitFor()

  const more = Promise.withResolvers<void>()
  upstream.play(
    head(),
    chunks({ content: 'one ' }),
    until(more.promise),
    chunks({ content: 'two' }),
    finish(),
  )
  await chat(page, 'Pepper').locator('a').click()
  await page.locator('.bubble', { hasText: 'Salt?' }).waitFor()
  await first.ask('And now?')
  await second.locator('.answer').last().getByText('one').waitFor()
  more.resolve()
  await second.locator('.answer').last().getByText('one two').waitFor()
  t.strictSame(await titles(second), ['Pepper', 'Bread', 'Butter'], 'it is the newest now')

  await first.ended()
  await page.clock.install()
  await choose(page, 'Pepper', 'Delete')
  await page.locator('.toast').waitFor()
  await page.clock.fastForward(8000)
  await second.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
  await second.getByText('This was not found.').waitFor()
  t.strictSame(await titles(second), ['Bread', 'Butter'])
})

scene('who comes back to the page sees what has changed elsewhere', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const [bread = ''] = await seed(url, three)
  const { page } = await visit(url)
  await chat(page, 'Bread').waitFor()
  await fetch(`${url}/api/ai/chat/conversations/${bread}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"Rye"}',
  })
  // What was fetched within the last second is not fetched again.
  await page.clock.install()
  await page.clock.fastForward(2000)
  await page.evaluate(() => dispatchEvent(new Event('focus')))
  await chat(page, 'Rye').waitFor()
  await page.screenshot({ path: join(shots, 'history.png') })
})
