/** The race in Chromium, by what a person sees of it. */
import { join } from 'node:path'
import t from 'tap'
import { chunks, end, finish, head } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { closeBrowser, scene } from './page.ts'
import { goRacing, startApp } from './spectator.ts'

const shots = new URL('../shots/', import.meta.url).pathname

t.setTimeout(300_000)
t.teardown(closeBrowser)

scene('one prompt races over both transports to the same end', async (t, visit) => {
  const { url } = await startApp(t)
  const { page, ...race } = await goRacing(await visit(url))
  t.equal(new URL(page.url()).hash, '#race')
  await page.screenshot({ path: join(shots, 'race-ready.png') })
  await race.ask('count to 200')
  await page.keyboard.press('Enter')
  await race.both('Answering…')
  await page.screenshot({ path: join(shots, 'race.png') })
  await race.both('Complete')
  const [one, other] = await race.texts()
  t.match(one, /191 192 193 194 195 196 197 198 199 200\n/)
  t.equal(one, other)
  for (const lane of [0, 1] as const) {
    t.match(await race.figure(lane, 'First token'), /^\d[\d.]* ms/)
    t.match(await race.figure(lane, 'Tokens'), /^\d{3}$/, 'no guess any more')
    t.match(await race.figure(lane, 'Time'), /^\d\.\d s/)
    t.equal((await race.figure(lane, 'Reconnects')).trim(), '0')
  }
  const perToken = [
    await race.figure(0, 'Bytes per token'),
    await race.figure(1, 'Bytes per token'),
  ]
  t.ok(Number(perToken[0]) > Number(perToken[1]), 'an event has more around it on SSE')
  t.match(await race.judged('Texts'), /^Both the same\s+as the server has them$/)
  t.match(await race.judged('Events'), /none lost, none doubled$/)
  t.match(await race.judged('First token'), /^(SSE|WebSocket)\s+first, by|^Even/)
  const said = page.locator('chat-race [role=status]')
  t.match(await said.innerText(), /^The race is over\. .* events, none lost, none doubled\.$/)
  t.equal(await page.locator('.chat').count(), 0, 'no conversation was made')
  await page.getByRole('link', { name: 'Back to the chat' }).click()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
})

scene('what is compared stands side by side, whoever is ahead', async (t, visit) => {
  const { url } = await startApp(t, { env: { DEMO_TOKENS_PER_SECOND: '1000' } })
  for (const width of [360, 1024, 1200, 1440]) {
    const visitor = await visit(url, { viewport: { width, height: 900 } })
    const { page, lanes, ...race } = await goRacing(visitor)
    const heights = () =>
      page.locator('.numbers').evaluateAll(all => all.map(({ clientHeight }) => clientHeight))
    const before = await heights()
    await race.ask('hello')
    do {
      await race.start.click()
      await race.both('Complete')
      await page.locator('.result small').first().waitFor()
    } while ((await page.locator('.ahead').count()) === 0)
    t.strictSame(await heights(), before, `${width} px`)
    await page.screenshot({ path: join(shots, `race-ahead-${width}.png`) })
    const edges = await page
      .locator('.controls, .deck .segments')
      .evaluateAll(all => all.map(one => one.getBoundingClientRect().left))
    t.equal(edges[0], edges[1], 'in line')
    const cut = await page.locator('.lane .picker').evaluateAll(
      pickers =>
        pickers.filter(picker => {
          const { width } = picker.getBoundingClientRect()
          const free = picker.cloneNode(true) as HTMLSelectElement
          free.style.cssText = 'position: absolute; max-width: none; flex: none'
          picker.parentElement?.append(free)
          free.selectedIndex = (picker as HTMLSelectElement).selectedIndex
          const wanted = free.getBoundingClientRect().width
          free.remove()
          return wanted > width + 1
        }).length,
    )
    t.equal(cut, 0, 'no name is cut')
    const heading = lanes[0].locator('h2')
    t.equal(await heading.textContent(), 'Lane 1: SSE, Demo (scripted, no AI)')
  }
})

scene('both connections are cut, and both answers go on without a hole', async (t, visit) => {
  const { url } = await startApp(t)
  const race = await goRacing(await visit(url))
  const { page } = race
  await race.ask('count to 300')
  await race.start.click()
  await race.both('Answering…')
  await page.getByRole('button', { name: 'Cut both' }).click()
  await race.both('…')
  for (const lane of race.lanes) await lane.locator('.condition:is(.resuming, .offline)').waitFor()
  await page.screenshot({ path: join(shots, 'race-cut.png') })
  await race.both('Complete')
  for (const lane of [0, 1] as const)
    t.match(await race.figure(lane, 'Reconnects'), /^1 \(away \d\.\d s\)$/)
  t.match(await race.judged('Events'), /none lost, none doubled$/)
  t.match(await race.judged('Texts'), /^Both the same\s+as the server has them$/)
  const numbers = (await race.texts()).map(text => /:\n+(1[\d\s]*)/.exec(text)?.[1]?.trim())
  const all = Array.from({ length: 300 }, (_, i) => i + 1).join(' ')
  t.strictSame(
    numbers.map(text => text?.replaceAll('\n', ' ')),
    [all, all],
  )
})

scene('two models race over one transport, and one of them may fail', async (t, visit) => {
  const upstream = await startUpstream(t)
  const { url } = await startApp(t, { upstream })
  upstream.play(head(), chunks({ content: 'I am another.' }), finish())
  const race = await goRacing(await visit(url))
  const { page, lanes } = race
  await page.getByText('Two models').click()
  const models = page.getByLabel(/^Model, Lane/)
  t.strictSame(await models.evaluateAll(all => all.map(one => (one as HTMLSelectElement).value)), [
    'fake',
    'demo',
  ])
  await page.getByLabel('Transport, Lane 1').selectOption('websocket')
  await page.getByLabel('Transport, Lane 2').selectOption('websocket')
  await race.ask('hello')
  await race.start.click()
  await race.both('Complete')
  t.match(await race.texts(), ['I am another.', /built-in demo/])
  t.match(await race.judged('Texts'), /^Different\s+as the server has them$/)
  upstream.play(head(), chunks({ content: 'Half' }), end)
  await race.start.click()
  await lanes[0].locator('.condition', { hasText: 'Failed' }).waitFor()
  await lanes[0].getByText('The answer broke off.').waitFor()
  await lanes[1].locator('.condition', { hasText: 'Complete' }).waitFor()
  t.match(await race.judged('Whole answer'), /^–/)
})

scene('five races in turn end in a table of medians', async (t, visit) => {
  const { url } = await startApp(t, { env: { DEMO_TOKENS_PER_SECOND: '1000' } })
  const race = await goRacing(await visit(url))
  const { page } = race
  await page.getByLabel('Connect first').uncheck()
  await race.ask('hello')
  await page.getByRole('button', { name: 'Five races' }).click()
  await page.getByRole('heading', { name: '5 races' }).waitFor()
  const cells = await page.locator('.series tbody tr').allInnerTexts()
  t.equal(cells.length, 3)
  for (const [i, name] of ['First token', 'Tokens/s, average', 'Bytes per token'].entries())
    t.match(cells[i]?.replace(/\s+/g, ' '), new RegExp(`^${name} (\\S+( ms)? \\S+ – \\S+ ?){2,3}`))
  await page.screenshot({ path: join(shots, 'race-five.png'), fullPage: true })
})
