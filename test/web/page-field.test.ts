/** The page in Chromium: the field in which questions are typed. */
import { join } from 'node:path'
import t from 'tap'
import { build } from '../support/app.ts'
import { closeBrowser, scene } from './page.ts'

const env = { DEMO_TOKENS_PER_SECOND: '2000' }
const shots = new URL('../shots/', import.meta.url).pathname

t.setTimeout(200_000)
t.teardown(closeBrowser)

scene('what is typed survives a reload, in its conversation', async (t, visit) => {
  const { url } = await build(t, { env })
  const visitor = await visit(url)
  const { page, message } = visitor
  await visitor.ask('count to 3')
  await visitor.ended()
  await message.pressSequentially('half a thou')
  await visitor.reload()
  t.equal(await message.inputValue(), 'half a thou')
  await page.getByRole('link', { name: 'New chat' }).click()
  t.equal(await message.inputValue(), '')
  await message.pressSequentially('another')
  await page.reload()
  await message.waitFor()
  t.equal(await message.inputValue(), 'another')
  await page.locator('.chat a').click()
  await visitor.ended()
  t.equal(await message.inputValue(), 'half a thou')
})

scene('a long paste is not cut off, and too long a one is said', async (t, visit) => {
  const { url } = await build(t, { env })
  const visitor = await visit(url, { permissions: ['clipboard-read', 'clipboard-write'] })
  const { page, message } = visitor
  const paste = async (text: string): Promise<void> => {
    await message.fill('')
    await page.evaluate(text => navigator.clipboard.writeText(text), text)
    await message.press('ControlOrMeta+V')
  }
  const line = `${'long '.repeat(20)}\n`
  await paste(line.repeat(10_000))
  await page.getByText(/1,0\d\d,\d{3} characters are too many; 100,000 can be sent/).waitFor()
  t.equal((await message.inputValue()).length, line.length * 10_000, 'all of it is there')
  t.ok(await visitor.button('Send').isDisabled())
  await message.press('Enter')
  t.equal(await page.locator('.bubble').count(), 0)
  await page.screenshot({ path: join(shots, 'too-long.png') })

  await paste(line.repeat(900))
  await visitor.button('Send').click()
  await visitor.ended()
  const bubble = page.locator('.bubble')
  t.equal((await bubble.textContent())?.length, line.repeat(900).trim().length)
  const { height } = (await bubble.boundingBox()) ?? { height: Infinity }
  t.ok(height < 500, 'and its answer is not screens away')
  await page.screenshot({ path: join(shots, 'long-question.png') })
})

scene(
  'Enter sends, Shift+Enter does not, nor does the Enter of an input method',
  async (t, visit) => {
    const { url } = await build(t, { env })
    const visitor = await visit(url)
    const { page, message } = visitor
    const sent = page.locator('.bubble')
    await message.pressSequentially('count to 3')
    await message.press('Shift+Enter')
    await message.pressSequentially('please')
    t.equal(await message.inputValue(), 'count to 3\nplease')

    const client = await page.context().newCDPSession(page)
    await message.fill('')
    await client.send('Input.imeSetComposition', {
      text: 'nihao',
      selectionStart: 5,
      selectionEnd: 5,
    })
    // What a browser sends for the Enter that completes a word.
    const enter = { type: 'rawKeyDown', key: 'Enter', code: 'Enter' } as const
    await client.send('Input.dispatchKeyEvent', { ...enter, windowsVirtualKeyCode: 229 })
    t.equal(await sent.count(), 0)
    await client.send('Input.insertText', { text: '你好' })
    t.equal(await message.inputValue(), '你好')
    await message.press('Enter')
    await sent.getByText('你好', { exact: true }).waitFor()
    t.equal(await message.getAttribute('enterkeyhint'), 'send', 'said on the key of a phone')
  },
)
