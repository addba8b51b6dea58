/** Blocks of code in Chromium: their colours, and what a person does with them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { type Visitor, closeBrowser, scene } from './page.ts'
import { telling, told } from './telling.ts'

const shots = new URL('../shots/', import.meta.url).pathname

t.setTimeout(200_000)
t.teardown(closeBrowser)

const colours = (visitor: Visitor) => visitor.answer.locator('chat-code [class^=hl-]')
const pressed = async (visitor: Visitor, name: string): Promise<void> => {
  await visitor.button(name).focus()
  await visitor.page.keyboard.press('Enter')
}

scene('code is coloured once its fence closes', async (t, visit) => {
  const requests: string[] = []
  const long = `const text = '${'x'.repeat(300)}' // end\n`
  const pieces = [
    '```ts\n',
    long,
    'let a = 1\n',
    '```\n',
    'after\n\n```\nlet b\n```\n\n```odd\nx\n```',
  ]
  const visitor = await telling(t, pieces, { visit })
  const { page, answer, say } = visitor
  page.on('request', request => requests.push(new URL(request.url()).pathname))
  const code = answer.locator('chat-code').first()
  for (const _ of [1, 2, 3]) say()
  await code.getByText('let a = 1').waitFor()
  await code.getByText('TypeScript').waitFor()
  t.equal(await colours(visitor).count(), 0)
  t.notOk(
    requests.some(path => path.includes('highlight')),
    'and nothing was loaded for it',
  )
  // Select a word with the mouse, and scroll sideways.
  await code.getByText('let a = 1').dblclick({ position: { x: 4, y: 30 } })
  await code.locator('pre').evaluate(frame => (frame.scrollLeft = 120))
  const seen = () =>
    code.evaluate(block => ({
      selected: String(getSelection()),
      scrolled: block.querySelector('pre')?.scrollLeft,
      height: block.getBoundingClientRect().height,
    }))
  const before = await seen()
  t.match(before, { selected: /\w/, scrolled: 120 })
  say()
  await colours(visitor).first().waitFor()
  t.strictSame(await seen(), before, 'it has not moved, and what was selected is')
  t.equal(await code.locator('code').evaluate(node => node.textContent), `${long}let a = 1\n`)
  say()
  await visitor.ended()
  t.strictSame(await answer.locator('chat-code header span').allInnerTexts(), [
    'TypeScript',
    '',
    'odd',
  ])
  for (const i of [1, 2]) {
    const plain = answer.locator('chat-code').nth(i)
    t.equal(await plain.locator('[class^=hl-]').count(), 0, 'no language is guessed')
  }
})

const written = '\tif (a) {\r\n\u00a0 b("é😀")  \n\n}\n'

for (const [where, old] of Object.entries({ 'a safe page': false, 'a page of plain HTTP': true })) {
  scene(`code on ${where} is copied by keyboard`, async (t, visit) => {
    const permissions = ['clipboard-read', 'clipboard-write']
    const visitor = await telling(t, [`\`\`\`js\n${written}\`\`\`\n`], {
      visit,
      options: { permissions },
    })
    const { page, say } = visitor
    if (old)
      await page.evaluate(() => delete (Navigator.prototype as { clipboard?: unknown }).clipboard)
    say()
    await visitor.ended()
    await pressed(visitor, 'Copy code')
    await visitor.button('Code copied').waitFor()
    t.ok(await visitor.button('Code copied').evaluate(node => node === document.activeElement))
    const copied = old ? '' : await page.evaluate(() => navigator.clipboard.readText())
    if (!old) t.equal(copied, written.slice(0, -1), 'byte for byte, but for the last Enter')
    await visitor.message.focus()
    await page.keyboard.press('ControlOrMeta+V')
    t.equal(await visitor.message.inputValue(), written.slice(0, -1).replaceAll('\r\n', '\n'))
    await visitor.button('Copy code').waitFor()
  })
}

scene('code is saved as a file', async (t, visit) => {
  const pieces = [`\`\`\`js\n${written}\`\`\`\n\n\`\`\`py title="tools/run.py"\nx\n\`\`\``]
  const visitor = await told(t, pieces, { visit, options: { locale: 'zh-CN' } })
  const saved = []
  for (const i of [0, 1]) {
    const waiting = visitor.page.waitForEvent('download')
    const code = visitor.answer.getByRole('group', {
      name: i === 0 ? '代码：JavaScript' : '代码：Python',
    })
    await code.getByRole('button', { name: '下载代码' }).press('Enter')
    const file = await waiting
    saved.push([file.suggestedFilename(), await readFile(await file.path(), 'utf8')])
  }
  t.strictSame(saved, [
    ['code.js', written],
    ['run.py', 'x\n'],
  ])
  await visitor.button('English').click()
  await visitor.button('Download code').waitFor()
  await visitor.page.screenshot({ path: join(shots, 'code.png') })
})

scene(
  'code that would take too long to colour stays plain, and holds up nobody',
  async (t, visit) => {
    // 60 KB of one letter are minutes by the rules of TypeScript.
    const pieces = [`\`\`\`ts\n${'a'.repeat(60_000)}\n\`\`\`\n`, '\n```js\nlet a = 1\n```\n']
    const visitor = await told(t, pieces, { visit })
    await colours(visitor).first().waitFor()
    t.equal(await visitor.answer.locator('chat-code').first().locator('[class^=hl-]').count(), 0)
  },
)
