/** The page in Chromium: conversations are found again by what was said in them. */
import t from 'tap'
import { build } from '../support/app.ts'
import { chat, choose, seed, titles } from './history.ts'
import { closeBrowser, scene } from './page.ts'

const fast = { DEMO_TOKENS_PER_SECOND: '2000' }

t.setTimeout(200_000)
t.teardown(closeBrowser)

/** More than one page of the list. */
const many = Array.from({ length: 40 }, (_, i) => ({ title: `Talk ${i}`, daysAgo: i }))

scene('a search goes through all conversations, and marks what it finds', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  const answer = 'Take the starter out of the fridge.\n\nThen feed it: 酸面团需要时间。'
  await seed(url, [
    ...many,
    { title: 'On SOURDOUGH', daysAgo: 60 },
    { title: 'Old', daysAgo: 70, answer },
  ])
  const { page, button } = await visit(url)
  const field = page.getByRole('searchbox', { name: 'Search conversations' })
  const marks = page.locator('.chat mark')
  await chat(page, 'Talk 0').waitFor()
  t.equal(await page.locator('.chat').count(), 30)
  await field.fill('sourdough')
  await marks.first().waitFor()
  t.strictSame(await titles(page), ['On SOURDOUGH'])
  t.strictSame(await marks.allInnerTexts(), ['SOURDOUGH'])
  await page.getByRole('status').getByText('1 found').waitFor()

  await field.fill('FEED it')
  await marks.getByText('feed it').waitFor()
  t.match(await page.locator('.excerpt').innerText(), /fridge\. Then feed it: 酸面团/)
  await field.fill('面团')
  await marks.getByText('面团').waitFor()
  t.strictSame(await titles(page), ['Old'])
  await chat(page, 'Old').locator('a').click()
  await page.locator('.bubble', { hasText: 'Old?' }).waitFor()
  await page.getByRole('heading', { name: 'Old' }).waitFor()

  await field.fill('100%')
  await page.getByText('Nothing found.').waitFor()
  await page.keyboard.press('Escape')
  await chat(page, 'Talk 0').waitFor()
  t.equal(await field.inputValue(), '')
  t.equal(await page.locator('.chat').count(), 31, 'the open one is among them')
  await field.fill('面团')
  await marks.first().waitFor()
  await button('Clear').click()
  await chat(page, 'Talk 0').waitFor()
  t.equal(await field.inputValue(), '')
})

scene('many hits come page by page, and those that are found can be changed', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  await seed(url, many)
  const { page, button } = await visit(url)
  await page.getByRole('searchbox').fill('talk')
  await page.getByText('30+ found').waitFor()
  await button('Show more').click()
  await page.getByText('40 found').waitFor()
  t.equal(await page.locator('.chat mark').count(), 40)
  await choose(page, 'Talk 39', 'Rename')
  await page.getByRole('textbox', { name: 'Title' }).fill('Talk of the town')
  await page.keyboard.press('Enter')
  await chat(page, 'Talk of the town').waitFor()
  await choose(page, 'Talk of the town', 'Delete')
  await page.getByText('39 found').waitFor()
  await button('Undo').click()
  await page.getByText('40 found').waitFor()
})

scene('the last search counts, however late the answer to an earlier one', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  await seed(url, [{ title: 'alpha' }, { title: 'beta' }])
  const { page } = await visit(url)
  const late = Promise.withResolvers<void>()
  const asked: string[] = []
  await page.route(/search=/, async route => {
    const search = new URL(route.request().url()).searchParams.get('search') ?? ''
    asked.push(search)
    if (search === 'alpha') await late.promise
    // The page has given up what was late.
    await route.continue().catch(() => undefined)
  })
  const field = page.getByRole('searchbox')
  await chat(page, 'beta').waitFor()
  await Promise.all([page.waitForRequest(/search=alpha/), field.fill('alpha')])
  // However slow the machine, it is typed without a pause.
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 60_000)
  await field.pressSequentially('x')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('beta')
  await page.clock.resume()
  await chat(page, 'beta').locator('mark').waitFor()
  late.resolve()
  await page.keyboard.type('!')
  await page.getByText('Nothing found.').waitFor()
  t.strictSame(asked, ['alpha', 'beta', 'beta!'], 'and nobody asks for half a word')
})

scene('a search that does not get through says so, and is tried again', async (t, visit) => {
  const { url } = await build(t, { env: fast })
  await seed(url, [{ title: 'alpha' }])
  const { page, button } = await visit(url, { locale: 'zh-CN' })
  const body = '{"error":{"code":"internal","message":"x"}}'
  await page.route(/search=/, route =>
    route.fulfill({ status: 500, contentType: 'application/json', body }),
  )
  await page.getByRole('searchbox', { name: '搜索对话' }).fill('ALPHA')
  await page.getByText('搜索没有完成。').waitFor()
  await page.unroute(/search=/)
  await button('重试').click()
  await chat(page, 'alpha').locator('mark').waitFor()
  await page.getByText('找到 1 个').waitFor()
})
