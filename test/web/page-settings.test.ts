/** The page in Chromium: settings of each conversation, and fields that say what they take. */
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { startUpstream } from '../support/upstream.ts'
import { type Visitor, closeBrowser, scene } from './page.ts'

const shots = new URL('../shots/', import.meta.url).pathname

t.setTimeout(200_000)
t.teardown(closeBrowser)

async function scenery(t: Test) {
  const upstream = await startUpstream(t)
  return { upstream, app: await build(t, { upstream }) }
}

const names = ['Temperature', 'Top-p', 'Max tokens', 'System prompt']

async function set({ page, button }: Visitor, fields: Record<string, string>): Promise<void> {
  await button('Settings').click()
  for (const [name, value] of Object.entries(fields)) await page.getByLabel(name).fill(value)
  await page.keyboard.press('Escape')
}

const shown = ({ page }: Visitor): Promise<string[]> =>
  Promise.all(names.map(name => page.getByLabel(name).inputValue()))

scene('each conversation has its own settings, on every device', async (t, visit) => {
  const { app } = await scenery(t)
  const visitor = await visit(app.url)
  const { page } = visitor
  await set(visitor, { Temperature: '0.2', 'System prompt': 'Be brief.' })
  await visitor.ask('one')
  await visitor.ended()
  await page.getByRole('link', { name: 'New chat' }).click()
  t.strictSame(await shown(visitor), ['0.2', '', '', 'Be brief.'], 'begins with the last choice')
  await set(visitor, { Temperature: '', 'Max tokens': '50', 'System prompt': '' })
  await page.getByLabel('Model').selectOption('demo')
  await visitor.ask('two')
  await visitor.ended()
  t.strictSame(await shown(visitor), ['', '', '50', ''])

  await page.locator('.chat a', { hasText: 'one' }).click()
  await visitor.answer.getByText('Hello world').waitFor()
  t.strictSame(await shown(visitor), ['0.2', '', '', 'Be brief.'])
  t.equal(await page.getByLabel('Model').inputValue(), 'fake')
  const stranger = await visit(page.url())
  await stranger.ended()
  t.strictSame(await shown(stranger), ['0.2', '', '', 'Be brief.'], 'also elsewhere')

  await set(visitor, { 'Top-p': '0.5' })
  await page.locator('.chat a', { hasText: 'two' }).click()
  await page.locator('.bubble', { hasText: 'two' }).waitFor()
  t.strictSame(await shown(visitor), ['', '', '50', ''])
  t.equal(await page.getByLabel('Model').inputValue(), 'demo')
  await page.locator('.chat a', { hasText: 'one' }).click()
  await visitor.answer.getByText('Hello world').waitFor()
  await visitor.reload()
  t.strictSame(await shown(visitor), ['0.2', '0.5', '', 'Be brief.'], 'a change waits to be used')
})

scene('a field says what it takes, and what it does not take is not used', async (t, visit) => {
  const { upstream, app } = await scenery(t)
  const visitor = await visit(app.url)
  const { page } = visitor
  const settings = page.locator('.settings')
  await set(visitor, { Temperature: '0.5' })
  await visitor.button('Settings').click()
  const wrong = { Temperature: '5', 'Top-p': '-1', 'Max tokens': '1.5' }
  for (const [name, value] of Object.entries(wrong)) {
    await page.getByLabel(name).fill(value)
    await page.getByLabel(name).press('Tab')
    await page.getByLabel(name).and(page.locator('[aria-invalid=true]')).waitFor()
  }
  t.strictSame(await settings.getByRole('alert').allInnerTexts(), [
    'A number from 0 to 2.',
    'A number from 0 to 1.',
    'A whole number from 1 to 1,000,000.',
  ])
  const edges = settings.locator('.library, .plain, textarea')
  const lefts = await edges.evaluateAll(all => all.map(one => one.getBoundingClientRect().left))
  t.equal(new Set(lefts).size, 1, 'all in line')
  await page.screenshot({ path: join(shots, 'settings-wrong.png'), animations: 'disabled' })
  await page.keyboard.press('Escape')
  await page.getByText('Top-p is not used as it stands. A number from 0 to 1.').waitFor()
  await visitor.ask('hello')
  await visitor.ended()
  t.match(upstream.requests.at(-1)?.json, { temperature: 0.5 })
  t.notMatch(upstream.requests.at(-1)?.body, /top_p|max_/)

  await visitor.button('Show').click()
  await settings.locator(':focus').waitFor()
  t.equal(await page.getByLabel('Temperature').inputValue(), '5', 'what was typed stands there')
  await page.getByLabel('Temperature').fill('1.25')
  await page.getByLabel('Top-p').fill('')
  // As long as a finger takes: nothing moves while the button is held.
  await visitor.button('Reset to defaults').click({ delay: 300 })
  await settings.getByRole('alert').first().waitFor({ state: 'detached' })
  t.strictSame(await shown(visitor), ['', '', '', ''])
  await page.getByLabel('Temperature').fill('1.25')
  await page.keyboard.press('Escape')
  await visitor.ask('again')
  await page.locator('.answer').nth(1).waitFor()
  await visitor.ended()
  t.match(upstream.requests.at(-1)?.json, { temperature: 1.25 }, 'any number in the range is one')
})

scene('settings that make no sense in the browser’s store do no harm', async (t, visit) => {
  const { app } = await scenery(t)
  const visitor = await visit(app.url)
  for (const garbage of ['{', '7', '{"params":7,"language":"xx","transport":"pigeon"}']) {
    await visitor.page.evaluate(text => {
      for (const name of ['choices', 'settings', 'figures'])
        localStorage.setItem(`chatai.${name}`, text)
      for (const name of ['drafts', 'unsaid']) sessionStorage.setItem(`chatai.${name}`, text)
    }, garbage)
    await visitor.page.reload()
    await visitor.ask('hello')
    await visitor.answer.getByText('Hello world').waitFor()
    await visitor.ended()
    await visitor.page.getByRole('link', { name: 'New chat' }).click()
  }
  t.equal(await visitor.page.locator('.notice').count(), 0)
})
