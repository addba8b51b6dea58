/** Signing in and out at the page, in Chromium: what a person sees, and what the browser keeps. */
import { join } from 'node:path'
import t from 'tap'
import { build } from '../support/app.ts'
import { closeBrowser, scene } from './page.ts'

const shots = new URL('../shots/', import.meta.url).pathname
t.setTimeout(200_000)
t.teardown(closeBrowser)

const env = { DEMO_TOKENS_PER_SECOND: '200', API_KEYS: 'ada:key-of-ada,bob:key-of-bob' }

scene('a key is given once: it opens both transports and every tab', async (t, visit) => {
  const { url } = await build(t, { env })
  const visitor = await visit(url)
  const { page } = visitor
  await page.getByLabel('API key').fill('key-of-ada')
  await page.getByLabel('API key').press('Enter')
  await page.locator('option', { hasText: 'Demo' }).waitFor({ state: 'attached' })
  for (const [i, transport] of ['SSE', 'WebSocket'].entries()) {
    await page.getByText(transport, { exact: true }).click()
    await visitor.ask('count to 15')
    await page.locator('.bubble').nth(i).waitFor()
    await visitor.ended()
    t.equal((await visitor.numbers()).length, 15, transport)
  }
  const kept = await page.evaluate(() =>
    JSON.stringify([sessionStorage, localStorage, document.cookie, location.href]),
  )
  t.notMatch(kept, /key-of-ada|chatai-session/, 'no script can see the key or the cookie')
  const [cookie] = await page.context().cookies()
  t.match(cookie, { name: 'chatai-session', httpOnly: true, sameSite: 'Strict', secure: false })
  t.notMatch(cookie?.value, /key-of-ada/)
  const native = await page.evaluate(
    () =>
      new Promise(resolve => {
        const source = new EventSource('api/ai/chat/sse?message=count+to+3')
        source.addEventListener('message', ({ data }) => {
          if (!String(data).includes('"type":"done"')) return
          source.close()
          resolve('done')
        })
        source.addEventListener('error', () => resolve('refused'))
      }),
  )
  t.equal(native, 'done', 'EventSource needs no key of its own')
  const tab = await page.context().newPage()
  await tab.goto(url)
  await tab.getByText('count to 15').first().waitFor()
})

scene('who signs out is out, and the next one finds nothing of theirs', async (t, visit) => {
  const { url } = await build(t, { env })
  const { page, ask, ended, button } = await visit(url)
  await page.getByLabel('API key').fill('key-of-ada')
  await button('Use this key').click()
  await page.locator('option', { hasText: 'Demo' }).waitFor({ state: 'attached' })
  await ask('count to 5')
  await ended()
  const [before] = await page.context().cookies()
  await button('Settings').click()
  await page.screenshot({ path: join(shots, 'signed-in.png'), animations: 'disabled' })
  await button('Sign out').click()
  await page.getByText('This server wants an API key.').waitFor()
  t.same(await page.context().cookies(), [])
  t.equal(new URL(page.url()).hash, '', 'the page names no conversation')
  const again = await fetch(`${url}/api/ai/models`, {
    headers: { cookie: `${before?.name}=${before?.value}` },
  })
  t.equal(again.status, 401, 'nor does the cookie that was')
  await page.getByLabel('API key').fill('key-of-bob')
  await page.getByLabel('API key').press('Enter')
  await page.getByText('Your conversations will be listed here.').waitFor()
  t.equal(await page.getByText('count to 5').count(), 0)
})

scene('nothing can be asked before there is a key, and a draft waits', async (t, visit) => {
  const { url } = await build(t, { env })
  const { page, message, button, ask, ended } = await visit(url)
  const key = page.getByLabel('API key')
  const opens = page.locator('option', { hasText: 'Demo' })
  await key.waitFor()
  t.notOk(await message.isEditable())
  t.ok(await button('Count to 300').isDisabled())
  await page.screenshot({ path: join(shots, 'locked.png') })
  await button('Settings').click()
  await page.keyboard.press('Escape')
  await key.fill('key-of-ada')
  await key.press('Enter')
  await opens.waitFor({ state: 'attached' })
  await ask('count to 5')
  await ended()
  await message.fill('count to 7')
  // As if the session had ended meanwhile.
  await page.context().clearCookies()
  await page.getByRole('link', { name: 'New chat' }).click()
  await page.goBack()
  await key.waitFor()
  t.notOk(await message.isEditable())
  t.ok(await button('Send').isDisabled())
  await message.press('Enter')
  t.equal(await message.inputValue(), 'count to 7')
  await key.fill('key-of-ada')
  await key.press('Enter')
  await opens.waitFor({ state: 'attached' })
  t.ok(await message.isEditable())
  t.equal(await message.inputValue(), 'count to 7')
})

scene('after too many wrong keys the page says so, and takes the right one', async (t, visit) => {
  const { url } = await build(t, { env: { ...env, WRONG_KEYS_PER_MINUTE: '1' } })
  const authorization = 'Bearer key-of-ada'
  // Whoever was here before is let in all the same.
  await fetch(`${url}/api/ai/models`, { headers: { authorization } })
  const { page } = await visit(url)
  const field = page.getByLabel('API key')
  const says = async (key: string, what: string): Promise<void> => {
    await field.fill(key)
    await field.press('Enter')
    await page.getByText(what).waitFor()
  }
  await says('wrong', 'This key was not accepted.')
  t.equal(await field.getAttribute('aria-invalid'), 'true')
  await says('wrong-too', 'Too many requests.')
  await page.getByText('Too many wrong keys came from here.').waitFor()
  t.equal(await field.getAttribute('aria-invalid'), 'false', 'nobody said that it is wrong')
  t.equal(await field.inputValue(), '')
  await page.screenshot({ path: join(shots, 'key-held.png') })
  await says('key-of-ada', 'Your conversations will be listed here.')
  t.equal(await field.count(), 0)
})

scene('a server without keys has nobody to sign out', async (t, visit) => {
  const { url } = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '200' } })
  const { page, button } = await visit(url)
  await button('Settings').click()
  await page.getByRole('complementary', { name: 'Settings' }).waitFor()
  t.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0)
})
