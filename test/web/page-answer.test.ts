/** The page in Chromium, by what a person sees: how an answer is doing, and what it took. */
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { chunks, events, finish, head, say, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { type Visitor, closeBrowser, scene } from './page.ts'

const shots = new URL('../shots/', import.meta.url).pathname
const dark = { colorScheme: 'dark' } as const
const phone = { viewport: { width: 360, height: 740 } }

t.setTimeout(200_000)
t.teardown(closeBrowser)

/** An upstream whose answer stops in the middle until it is told to go on. */
async function pausing(t: Test, env: Record<string, string> = {}) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env })
  const gates = Array.from({ length: 3 }, () => Promise.withResolvers<void>())
  const gate = (i: number) => until(gates[i]?.promise ?? Promise.resolve())
  return { upstream, app, gate, open: (i: number) => gates[i]?.resolve() }
}

const usage = (output: number) =>
  events({ choices: [], usage: { prompt_tokens: 7, completion_tokens: output } })
const summary = ({ answer }: Visitor) => answer.locator('.figures summary')
const figures = (visitor: Visitor): Promise<string[]> =>
  summary(visitor).locator('span').allInnerTexts()
const status = ({ answer }: Visitor) => answer.locator('.status')

for (const transport of ['SSE', 'WebSocket']) {
  scene(`${transport}: what an answer is doing is said`, async (t, visit) => {
    const { upstream, app, gate, open } = await pausing(t, { MAX_GENERATIONS: '1' })
    const reasoned = chunks({ reasoning_content: 'Let me see.' })
    upstream.play(
      head(),
      gate(0),
      reasoned,
      gate(1),
      chunks({ content: 'Yes.' }),
      gate(2),
      finish(),
    )
    const visitor = await visit(app.url)
    await visitor.page.getByText(transport, { exact: true }).click()
    await visitor.ask('is it?')
    await status(visitor).getByText('Waiting for the model…').waitFor()

    const other = await visit(app.url)
    await other.page.getByText(transport, { exact: true }).click()
    await other.ask('me too?')
    await status(other)
      .getByText(/The server cannot answer now\. Trying again in \d s\./)
      .waitFor()
    await other.page.screenshot({ path: join(shots, 'queued.png') })

    open(0)
    await visitor.answer.getByText(/^Thinking… \d+ s$/).waitFor()
    t.ok(await visitor.answer.getByText('Let me see.').isVisible(), 'the fold is open')
    await visitor.answer.getByText('Thinking… 1 s').waitFor()
    open(1)
    await status(visitor).getByText('Answering…').waitFor()
    await visitor.answer.getByText(/^Thought for \d/).waitFor()
    t.notOk(await visitor.answer.getByText('Let me see.').isVisible(), 'the fold is closed')
    open(2)
    await visitor.ended()
    t.equal(await status(visitor).count(), 0)
    await other.answer.getByText('Hello world').waitFor()
  })
}

scene('a fold stays as a person wants it', async (t, visit) => {
  const { upstream, app, gate, open } = await pausing(t)
  const more = chunks({ reasoning_content: ' Hm.' })
  const said = chunks({ content: 'Yes.' })
  const reasoned = chunks({ reasoning_content: 'Let me see.' })
  upstream.play(head(), reasoned, gate(0), more, gate(1), said, gate(2), finish())
  const visitor = await visit(app.url)
  const { answer } = visitor
  const prose = answer.locator('.reasoning .prose')
  await visitor.ask('is it?')
  await answer.getByText('Let me see.').waitFor()
  await answer.locator('.reasoning summary').click()
  await prose.waitFor({ state: 'hidden' })
  open(0)
  await prose.getByText('Hm.').waitFor({ state: 'attached' })
  t.notOk(await prose.isVisible(), 'closed while it thinks on')
  await answer.locator('.reasoning summary').press('Enter')
  await prose.waitFor()
  open(1)
  await answer.getByText('Yes.').waitFor()
  open(2)
  await visitor.ended()
  t.ok(await prose.isVisible(), 'open after it has ended')
  await visitor.reload()
  await answer.getByText(/^Thought for \d/).waitFor()
  t.notOk(await prose.isVisible())
})

scene('an ended answer says what it took, also after a reload', async (t, visit) => {
  const { upstream, app, gate, open } = await pausing(t)
  const piece = chunks({ content: 'word '.repeat(30) })
  upstream.play(head(), piece, gate(0), piece, gate(1), piece, usage(100), finish())
  const visitor = await visit(app.url, dark)
  await visitor.ask('go')
  await visitor.answer.getByText('word').waitFor()
  open(0)
  // By then the page has watched long enough to name a speed.
  await status(visitor)
    .getByText(/≈ [\d.,]+ tokens\/s/)
    .waitFor()
  open(1)
  await visitor.ended()
  const line = await figures(visitor)
  const [first, speed, ...rest] = line
  t.match(first, /^first token [\d.]+ s$/)
  t.match(speed, /^[\d.,]+ tokens\/s$/)
  t.match(rest, ['100 tokens', /^[\d.]+ s in all$/, 'Fake'])
  await summary(visitor).click()
  const details = visitor.answer.locator('.figures dl')
  t.match(await details.innerText(), /Tokens written\s+100\s+Tokens read\s+7\s/)
  await visitor.page.screenshot({ path: join(shots, 'figures-dark.png') })
  await visitor.reload()
  t.strictSame(await figures(visitor), line)
  const stranger = await visit(visitor.page.url())
  t.strictSame(await figures(stranger), ['100 tokens', 'Fake'], 'only what is known')
  await summary(stranger).click()
  await stranger.answer.getByText('Times are known of answers that this browser watched').waitFor()
})

scene('an answer that was joined in its middle has no invented figures', async (t, visit) => {
  const { upstream, app, gate, open } = await pausing(t)
  upstream.play(head(), chunks({ content: 'one ' }), gate(0), chunks({ content: 'two' }), finish())
  const visitor = await visit(app.url)
  await visitor.ask('go')
  await visitor.answer.getByText('one').waitFor()
  await visitor.reload()
  await visitor.writing()
  open(0)
  await visitor.ended()
  // The first piece was seen to come; the rest came after the reload.
  t.match(await figures(visitor), [/^first token [\d.]+ s$/, '≈ 2 tokens', 'Fake'])
  t.equal((await figures(visitor)).length, 3)
})

scene('the speed is told at most four times a second', async (t, visit) => {
  const { url } = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '100' } })
  const visitor = await visit(url)
  await visitor.ask('count to 150')
  const rate = visitor.answer.locator('.rate', { hasText: 'tokens/s' })
  const changes = await rate.evaluateHandle(clock => {
    const times: number[] = []
    const note = (): void => void times.push(performance.now())
    new MutationObserver(note).observe(clock, { childList: true, subtree: true })
    return times
  })
  await visitor.ended()
  const times = await changes.jsonValue()
  const closest = times.map((time, i) => (times[i + 4] ?? Infinity) - time)
  t.ok(times.length >= 2 && Math.min(...closest) > 800, `changed at ${times.join(' ')}`)
  t.match((await figures(visitor))[1], /^\d\d+ tokens\/s$/)
})

for (const [name, options] of Object.entries({ desktop: {}, phone })) {
  scene(`nothing jumps when an answer ends: ${name}`, async (t, visit) => {
    const { upstream, app, gate, open } = await pausing(t)
    upstream.play(head(), chunks({ content: 'One line.' }), gate(0), usage(3), finish())
    const visitor = await visit(app.url, options)
    const tall = (): Promise<number> =>
      visitor.answer.evaluate(answer => answer.getBoundingClientRect().height)
    await visitor.ask('go')
    await status(visitor).getByText('Answering…').waitFor()
    const before = await tall()
    await visitor.page.screenshot({ path: join(shots, `answering-${name}.png`) })
    open(0)
    await visitor.ended()
    await summary(visitor).waitFor()
    t.ok(Math.abs((await tall()) - before) <= 2, `${before} → ${await tall()} px`)
    await visitor.page.screenshot({ path: join(shots, `ended-${name}.png`) })
  })
}

scene('versions have their own figures', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  for (const tokens of [11, 22])
    upstream.play(head(), chunks({ content: `${tokens}` }), usage(tokens), finish())
  const visitor = await visit(app.url)
  await visitor.ask('go')
  await summary(visitor).getByText('11 tokens').waitFor()
  await visitor.button('Answer again').click()
  await summary(visitor).getByText('22 tokens').waitFor()
  await visitor.button('Previous version').click()
  await summary(visitor).getByText('11 tokens').waitFor()
})

scene('a message is copied, and the button says so', async (t, visit) => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  upstream.always(...say('**Hello**'))
  for (const how of ['the clipboard', 'the old way']) {
    const visitor = await visit(app.url, { permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = visitor
    const read = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
    // As on a page that came over plain HTTP from another machine.
    const hide = (): void => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })
    }
    const show = (): void => void Reflect.deleteProperty(navigator, 'clipboard')
    await visitor.ask('greet *me*')
    await visitor.ended()
    for (const [place, text] of Object.entries({
      '.answer': '**Hello**',
      '.question': 'greet *me*',
    })) {
      const area = page.locator(place).last()
      await area.hover()
      if (how === 'the old way') await page.evaluate(hide)
      await area.getByRole('button', { name: 'Copy' }).click()
      await area.getByRole('button', { name: 'Copied' }).waitFor()
      if (how === 'the old way') await page.evaluate(show)
      t.equal(await read(), text, `${how}: ${place}`)
      await area.getByRole('button', { name: 'Copy' }).waitFor()
    }
  }
})
