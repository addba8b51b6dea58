/** The page in Chromium: other settings in the middle of an answer, and the place where they came. */
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { chunks, finish, head, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { type Visitor, closeBrowser, scene } from './page.ts'

const shots = new URL('../shots/', import.meta.url).pathname
const never = until(new Promise(() => {}))

t.setTimeout(200_000)
t.teardown(closeBrowser)

const parts = ({ answer }: Visitor): Promise<string[]> => answer.locator('.prose').allInnerTexts()
const marks = ({ answer }: Visitor): Promise<string[]> => answer.locator('.mark').allInnerTexts()

async function scenery(t: Test, ...said: readonly string[]) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const last = said.length - 1
  for (const [i, content] of said.entries())
    upstream.play(head(), chunks({ content }), i === last ? finish() : never)
  return { upstream, app }
}

async function setTemperature({ page, button }: Visitor, value: string): Promise<void> {
  await button('Settings').click()
  await page.getByLabel('Temperature').fill(value)
  await page.keyboard.press('Escape')
}

const code = ['Here:\n\n```js\nconst a = 1\n', 'const b = 2\n```\n\nDone, **really**.']

for (const transport of ['SSE', 'WebSocket']) {
  scene(`${transport}: apply from here`, async (t, visit) => {
    const { upstream, app } = await scenery(t, ...code)
    const visitor = await visit(app.url)
    const { page, answer } = visitor
    await page.getByText(transport, { exact: true }).click()
    await visitor.ask('go')
    await answer.getByText('const a').waitFor()
    await setTemperature(visitor, '0.2')
    await visitor.button('Apply from here').click()
    await visitor.ended()
    t.match(upstream.requests.at(-1)?.json, { temperature: 0.2 })
    await visitor.button('Apply from here').waitFor({ state: 'detached' })
    for (const when of ['live', 'after a reload']) {
      t.strictSame(await marks(visitor), ['From here: Fake · Temperature 0.2'], when)
      const blocks = answer.locator('pre code')
      t.strictSame(
        (await blocks.allInnerTexts()).map(text => text.trim()),
        ['const a = 1', 'const b = 2'],
        `the block goes on, ${when}`,
      )
      t.equal(await answer.locator('strong').innerText(), 'really', when)
      await page.screenshot({ path: join(shots, 'marked.png') })
      await visitor.reload()
      await visitor.ended()
    }
  })

  scene(`${transport}: start over`, async (t, visit) => {
    const { upstream, app } = await scenery(t, 'wrong', 'right')
    const visitor = await visit(app.url)
    await visitor.page.getByText(transport, { exact: true }).click()
    await visitor.ask('go')
    await visitor.answer.getByText('wrong').waitFor()
    await setTemperature(visitor, '1')
    await visitor.button('Start over').click()
    await visitor.ended()
    t.notMatch(upstream.requests.at(-1)?.body, /wrong/)
    const note = 'Started over, the text before was dropped: Fake · Temperature 1'
    for (const when of ['live', 'after a reload']) {
      t.strictSame(await parts(visitor), ['right'], when)
      t.strictSame(await marks(visitor), [note], when)
      await visitor.page.screenshot({ path: join(shots, 'started-over.png') })
      await visitor.reload()
      await visitor.ended()
    }
  })

  scene(`${transport}: another model, and a parameter left to it again`, async (t, visit) => {
    const { upstream, app } = await scenery(t, 'one ', 'two ', 'three')
    const visitor = await visit(app.url)
    const { page, answer } = visitor
    await page.getByText(transport, { exact: true }).click()
    await setTemperature(visitor, '0.4')
    await visitor.ask('go')
    await answer.getByText('one').waitFor()
    await setTemperature(visitor, '')
    await visitor.button('Apply from here').click()
    await answer.getByText('two').waitFor()
    t.strictSame(await marks(visitor), ['From here: Fake'])
    t.notMatch(upstream.requests.at(-1)?.body, /temperature/)
    await page.getByLabel('Model').selectOption('demo')
    await visitor.button('Apply from here').click()
    await visitor.ended()
    t.match(await marks(visitor), ['From here: Fake', /^From here: Demo/])
    t.match(await parts(visitor), ['one', 'two'])
    await visitor.reload()
    await visitor.ended()
    t.match(await marks(visitor), ['From here: Fake', /^From here: Demo/])
    t.match(await page.getByLabel('Model').inputValue(), 'demo')
  })

  scene(`${transport}: a reload in the middle keeps mark and settings`, async (t, visit) => {
    const { app } = await scenery(t, 'one ', 'two ', 'three')
    const visitor = await visit(app.url)
    await visitor.page.getByText(transport, { exact: true }).click()
    await visitor.ask('go')
    await visitor.answer.getByText('one').waitFor()
    await setTemperature(visitor, '0.4')
    await visitor.button('Apply from here').click()
    await visitor.answer.getByText('two').waitFor()
    await visitor.reload()
    await visitor.answer.getByText('two').waitFor()
    t.strictSame(await marks(visitor), ['From here: Fake · Temperature 0.4'])
    t.equal(await visitor.page.getByLabel('Temperature').inputValue(), '0.4')
    t.equal(await visitor.button('Apply from here').count(), 0, 'they are in force')
    await setTemperature(visitor, '0.6')
    await visitor.reload()
    await visitor.button('Apply from here').click()
    await visitor.ended()
    t.strictSame(
      (await parts(visitor)).map(text => text.trim()),
      ['one', 'two', 'three'],
    )
  })
}

scene('what to do with other settings is asked where they are', async (t, visit) => {
  const { upstream, app } = await scenery(t, 'one ', 'two')
  for (const width of [360, 1200]) {
    const viewport = { width, height: 640 }
    const visitor = await visit(app.url, { viewport, reducedMotion: 'reduce' })
    const { page } = visitor
    await visitor.ask('go')
    await visitor.answer.getByText('one').waitFor()
    await visitor.button('Settings').click()
    await page.getByLabel('Temperature').fill('0.3')
    await page.getByLabel('Temperature').press('Tab')
    const bar = page.locator('.applying')
    await page.locator('.settings .applying').waitFor()
    t.equal(await bar.count(), 1, 'in one place at a time')
    const { x = 0, y = 0, width: wide = 0, height: high = 0 } = (await bar.boundingBox()) ?? {}
    t.ok(x >= 0 && x + wide <= width && y >= 0 && y + high <= 640, 'all of it is in sight')
    await page.screenshot({ path: join(shots, `applying-${width}.png`), animations: 'disabled' })
    await page.keyboard.press('Escape')
    await page.locator('.composer .applying').waitFor()
    t.equal(await bar.count(), 1)
    await visitor.button('Settings').click()
    await visitor.button('Apply from here').click()
    await page.locator('.settings .close:focus').waitFor()
    await visitor.ended()
    t.match(upstream.requests.at(-1)?.json, { temperature: 0.3 })
    upstream.play(head(), chunks({ content: 'one ' }), never)
    upstream.play(head(), chunks({ content: 'two' }), finish())
  }
})

scene(
  'settings that come too late are refused, and kept for the next question',
  async (t, visit) => {
    const { upstream, app } = await scenery(t, 'one ', 'two')
    const visitor = await visit(app.url)
    const { page } = visitor
    await visitor.ask('go')
    await visitor.answer.getByText('one').waitFor()
    await setTemperature(visitor, '0.4')
    // It ends before the change arrives.
    await page.route('**/update', async route => {
      await app.chat.stop(/gen_[\w-]+/.exec(route.request().url())?.[0] ?? '')
      await route.continue()
    })
    await visitor.button('Apply from here').click()
    await page.locator('.notice', { hasText: 'This is not possible now.' }).waitFor()
    t.strictSame(await marks(visitor), [])
    await visitor.ask('again')
    await visitor.answer.getByText('two').waitFor()
    t.match(upstream.requests.at(-1)?.json, { temperature: 0.4 })
  },
)
