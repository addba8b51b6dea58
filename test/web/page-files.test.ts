/** The page in Chromium: conversations are saved as files, and come in from files. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JSHandle, Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { chunks, finish, head, say, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { chat, choose, seed } from './history.ts'
import { type Visit, closeBrowser, scene } from './page.ts'

const shots = new URL('../shots/', import.meta.url).pathname
const fast = { DEMO_TOKENS_PER_SECOND: '2000' }
const code = 'Look:\n\n```js\nconst a = "`b`"\n```\n\n~~~\nand\n'

t.setTimeout(200_000)
t.teardown(closeBrowser)

/** What the browser saves when something is done. */
async function saved(
  page: Page,
  act: () => Promise<void>,
): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()])
  return {
    name: download.suggestedFilename(),
    text: await readFile(await download.path(), 'utf8'),
  }
}

interface Exported {
  readonly title: string
  readonly turns: { readonly content: string; readonly end?: object }[]
}

const open = async (t: Test, visit: Visit, entry: { answer: string; title: string }) => {
  const app = await build(t, { env: fast })
  const [id = ''] = await seed(app.url, [entry])
  const visitor = await visit(`${app.url}/#${id}`)
  await visitor.page.locator('.answer').waitFor()
  return { ...visitor, url: app.url }
}

scene('a conversation is saved as Markdown, to the letter', async (t, visit) => {
  const { page, button } = await open(t, visit, { title: 'Bread: a "how-to"?', answer: code })
  const save = () => choose(page, 'Bread', 'Export as Markdown')
  const { name, text } = await saved(page, save)
  t.equal(name, 'Bread a how-to.md')
  t.match(
    text,
    /^# Bread: a "how-to"\?\n\n## You · .+\n\nBread: a "how-to"\?\?\n\n## Assistant \(Demo/,
  )
  t.ok(text.endsWith(`\n\n${code}~~~\n`), 'and the open block is closed')
  t.equal(await page.locator('.menu').count(), 0)
  t.ok(await page.locator('.options:focus').isVisible(), 'the focus is back at the menu')
  await button('中文').click()
  const chinese = await saved(page, () => choose(page, 'Bread', '导出为 Markdown'))
  t.match(chinese.text, /^## 你 · \d{4}年\d+月\d+日 [\s\S]*^## 助手（Demo/m)
})

scene('a conversation goes out as JSON, comes in again, and goes on', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  upstream.play(...say('first'))
  upstream.play(...say('second'))
  const visitor = await visit(app.url)
  const { page, answer } = visitor
  await visitor.ask('Why?')
  await visitor.ended()
  await visitor.button('Answer again').click()
  await answer.getByText('second').waitFor()
  await visitor.ended()
  const { name, text } = await saved(page, () => choose(page, 'Why?', 'Export as JSON'))
  t.equal(name, 'Why.json')
  const { turns } = JSON.parse(text) as Exported
  t.strictSame(
    turns.map(({ content }) => content),
    ['Why?', 'first', 'second'],
  )

  const other = await visit((await build(t, { upstream })).url, { locale: 'zh-CN' })
  const file = { name, mimeType: 'application/json', buffer: Buffer.from(text) }
  await other.page.getByLabel('导入').setInputFiles(file)
  await other.answer.getByText('second').waitFor()
  await other.page.locator('.toast', { hasText: '已导入' }).getByText('Why?').waitFor()
  await other.page.screenshot({ path: join(shots, 'imported.png'), animations: 'disabled' })
  await chat(other.page, 'Why?').waitFor()
  await other.page.getByRole('heading', { name: 'Why?' }).waitFor()
  await other.button('上一个版本').click()
  await other.answer.getByText('first').waitFor()
  upstream.play(...say('third'))
  await other.ask('And then?')
  await other.answer.getByText('third').waitFor()
  t.match(upstream.requests.at(-1)?.json, {
    messages: [{ content: 'Why?' }, { content: 'first' }, { content: 'And then?' }],
  })
  await other.ended()
  upstream.play(...say('fourth'))
  await other.page.locator('.answer').first().getByLabel('重新回答').click()
  await other.answer.getByText('fourth').waitFor()
  await other.ended()
  await other.answer.getByText('3/3').waitFor()
  await other.reload()
  await other.answer.getByText('fourth').waitFor()
})

scene('an answer is saved as far as it is written', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const more = Promise.withResolvers<void>()
  upstream.play(head(), chunks({ content: 'half of it' }), until(more.promise), finish())
  const visitor = await visit(app.url)
  const { page, answer } = visitor
  await visitor.ask('Why?')
  await answer.getByText('half of it').waitFor()
  await chat(page, 'Why?').waitFor()
  const json = await saved(page, () => choose(page, 'Why?', 'Export as JSON'))
  const { turns } = JSON.parse(json.text) as Exported
  t.match(turns[1], { content: 'half of it', model: 'fake', end: undefined })
  const { text } = await saved(page, () => choose(page, 'Why?', 'Export as Markdown'))
  t.match(text, /half of it\n\n\*This answer was still being written when it was exported\.\*\n$/)
  more.resolve()
  await visitor.ended()
})

/** Whether the browser is kept from doing what it does with a file. */
const dropOn = (place: Locator, data: JSHandle): Promise<boolean> =>
  place.evaluate((element, dataTransfer) => {
    const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
    return !element.dispatchEvent(drop)
  }, data as JSHandle<DataTransfer>)

scene('a file is dropped on the list', async (t, visit) => {
  const { page } = await open(t, visit, { title: 'Bread', answer: 'Yes.' })
  const { text } = await saved(page, () => choose(page, 'Bread', 'Export as JSON'))
  const data = await page.evaluateHandle(text => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([text.replaceAll('Bread', 'Butter')], 'b.json'))
    transfer.items.add(new File([text.replaceAll('Bread', 'Salt')], 's.json'))
    return transfer
  }, text)
  const list = page.locator('#list')
  await list.dispatchEvent('dragover', { dataTransfer: data })
  await page.getByText('Drop the file here to import it').waitFor()
  await list.dispatchEvent('dragleave', { dataTransfer: data })
  await page.locator('.drop').waitFor({ state: 'detached' })
  t.ok(await dropOn(page.locator('main'), data), 'elsewhere it does not replace the page')
  await list.dispatchEvent('drop', { dataTransfer: data })
  await page.locator('.bubble', { hasText: 'Salt?' }).waitFor()
  await chat(page, 'Butter').waitFor()
  t.equal(await page.locator('.chat').count(), 3)
  const toast = page.locator('.toast', { hasText: '2 conversations imported' })
  await toast.getByText('Salt').waitFor()
  await toast.waitFor({ state: 'detached' })
})

scene('a file that is none of ours says what is wrong, in both languages', async (t, visit) => {
  const { url } = await build(t, { env: { ...fast, MAX_IMPORT_BYTES: '2048' } })
  const { page, button } = await visit(url)
  let sent = 0
  page.on('request', request => void (sent += request.method() === 'POST' ? 1 : 0))
  const alert = page.locator('.notice')
  const import_ = async (label: string, name: string, text: string): Promise<string[]> => {
    const file = { name, mimeType: 'application/json', buffer: Buffer.from(text) }
    await page.getByLabel(label).setInputFiles(file)
    await alert.getByText(name).waitFor()
    return alert.locator('p').allInnerTexts()
  }
  await page.locator('option', { hasText: 'Demo' }).waitFor({ state: 'attached' })
  const ours = { format: 'chatai.conversation', version: 1, title: 'x', turns: [] }
  t.strictSame(await import_('Import', 'cut.json', '{"format":'), [
    'This file is not JSON, or not all of it is there.',
    'Choose a file that was exported as JSON.',
    'cut.json',
  ])
  t.match(await import_('Import', 'other.json', '{"a":1}'), [/not a conversation that ChatAI/])
  const newer = JSON.stringify({ ...ours, version: 2 })
  t.match(await import_('Import', 'newer.json', newer), [/exported by a newer version/])
  t.match(await import_('Import', 'big.json', `${' '.repeat(3000)}1`), [
    'This file is larger than the server takes.',
    /MAX_IMPORT_BYTES/,
    'big.json: 3 KB > 2 KB',
  ])
  t.equal(sent, 0, 'all that without a word to the server')
  t.strictSame(await import_('Import', 'empty.json', JSON.stringify(ours)), [
    'Something in this file is not as it must be.',
    'empty.json: turns in the body must have at least 1 entries.',
  ])
  t.equal(sent, 1)
  await button('中文').click()
  t.strictSame(await import_('导入', 'foreign.json', '[]'), [
    '这个文件不是 ChatAI 导出的对话。',
    '请选择以 JSON 格式导出的文件。',
    'foreign.json',
  ])
  t.equal(await page.locator('.chat').count(), 0)
})
