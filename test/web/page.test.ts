/** The page in Chromium, by what a person sees: answers that stream, stop, survive and go on. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { build } from '../support/app.ts'
import { startProcess } from '../support/process.ts'
import { randomFrom } from '../support/random.ts'
import { closeBrowser, scene } from './page.ts'
import { openCable } from './proxy.ts'

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1)
const paced = { DEMO_TOKENS_PER_SECOND: '100' }
const shots = new URL('../shots/', import.meta.url).pathname

const SEED = Number(process.env['RELOAD_SEED'] ?? Date.now() % 1_000_000)
const random = randomFrom(SEED)

t.setTimeout(200_000)
t.teardown(closeBrowser)

scene('an answer streams in and ends', async (t, visit) => {
  const { url } = await build(t, { env: paced })
  const visitor = await visit(url)
  const { page, answer } = visitor
  await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
  await visitor.ask('count to 150')
  t.equal(await page.locator('.bubble').innerText(), 'count to 150')
  await visitor.counted(15)
  t.equal(await answer.getAttribute('aria-busy'), 'true')
  await answer.getByText('Answering…').waitFor()
  await page.screenshot({ path: join(shots, 'answering.png') })
  await visitor.ended()
  t.strictSame(await visitor.numbers(), upTo(150))
  t.match(new URL(page.url()).hash, /^#cnv_/)
  t.equal(await page.locator('.chat.open').innerText(), 'count to 150')
  t.ok(await visitor.message.evaluate(field => field === document.activeElement), 'has the focus')
})

scene('the end stays in view, unless a person scrolls away from it', async (t, visit) => {
  const { url } = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '300' } })
  const visitor = await visit(url, { viewport: { width: 900, height: 500 } })
  const { page } = visitor
  const fromEnd = (): Promise<number> =>
    page
      .locator('#scroll')
      .evaluate(
        ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight,
      )
  await visitor.ask('count to 900')
  await visitor.counted(305)
  t.ok((await fromEnd()) < 4, 'follows')
  await page.locator('#scroll').hover()
  await page.mouse.wheel(0, -120)
  const latest = page.locator('.latest.shown')
  await latest.waitFor()
  await visitor.counted(605)
  t.ok((await fromEnd()) > 60, 'stays where the person reads')
  await latest.click()
  await visitor.ended()
  t.ok((await fromEnd()) < 4, 'follows again')
})

scene('stop ends the answer and keeps what was said', async (t, visit) => {
  const { url } = await build(t, { env: paced })
  const visitor = await visit(url)
  await visitor.ask('count to 900')
  await visitor.counted(25)
  await visitor.button('Stop').click()
  await visitor.answer.getByText('Stopped.').waitFor()
  const numbers = await visitor.numbers()
  t.ok(numbers.length >= 20 && numbers.length < 900)
  await visitor.reload()
  t.strictSame(await visitor.numbers(), numbers, 'also after a reload')
})

for (const transport of ['SSE', 'WebSocket']) {
  scene(
    `${transport}: an answer survives reloads at any moment (RELOAD_SEED=${SEED})`,
    async (t, visit) => {
      const { url } = await build(t, { env: paced })
      const visitor = await visit(url)
      await visitor.page.getByText(transport, { exact: true }).click()
      await visitor.ask('count to 200')
      for (const row of [3, 6, 9]) {
        await visitor.counted(row * 10 + 2 + Math.floor(random() * 7))
        await visitor.reload()
      }
      await visitor.ended()
      t.strictSame(await visitor.numbers(), upTo(200))
      t.ok(await visitor.page.getByLabel(transport).isChecked(), 'the transport is kept too')
    },
  )

  scene(`${transport}: an answer survives a restart of the server`, async (t, visit) => {
    const folder = await mkdtemp(join(tmpdir(), 'chatai-page-'))
    t.teardown(() => rm(folder, { recursive: true }))
    const env = { ...paced, STORE: `sqlite:${join(folder, 'chat.db')}` }
    const first = await startProcess(env)
    const visitor = await visit(first.url)
    await visitor.page.getByText(transport, { exact: true }).click()
    await visitor.ask('count to 300')
    await visitor.counted(45)
    await first.end('SIGKILL')
    await visitor.answer.getByText(/Connection lost|not reachable/).waitFor()
    const seen = await visitor.numbers()
    const second = await startProcess({ ...env, PORT: new URL(first.url).port })
    t.teardown(() => second.end('SIGKILL'))
    await visitor.answer.getByText('The server was restarted while it answered.').waitFor()
    const kept = await visitor.numbers()
    t.strictSame(kept.slice(0, seen.length - 1), upTo(seen.length - 1), 'nothing was lost')
    t.strictSame(kept.slice(0, -1), upTo(kept.length - 1), 'or doubled')
    await visitor.page.screenshot({ path: join(shots, 'restarted.png') })
    await visitor.button('Try again').click()
    await visitor.writing()
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(300))
  })
}

scene(
  'the transport can be changed in the middle of an answer, back and forth',
  async (t, visit) => {
    const { url } = await build(t, { env: paced })
    const visitor = await visit(url)
    await visitor.ask('count to 250')
    for (const [at, transport] of Object.entries({
      25: 'WebSocket',
      65: 'SSE',
      125: 'WebSocket',
    })) {
      await visitor.counted(Number(at))
      await visitor.page.getByText(transport, { exact: true }).click()
    }
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(250))
  },
)

for (const transport of ['SSE', 'WebSocket']) {
  scene(`${transport}: a network that goes and comes back costs nothing`, async (t, visit) => {
    const { url } = await build(t, { env: paced })
    const cable = await openCable(t, url)
    const visitor = await visit(cable.url)
    await visitor.page.getByText(transport, { exact: true }).click()
    await visitor.ask('count to 300')
    await visitor.counted(35)
    cable.cut()
    await visitor.answer.getByText(/Connection lost|not reachable/).waitFor()
    cable.mend()
    await visitor.counted(95)
    cable.cut()
    cable.mend()
    await visitor.ended()
    t.strictSame(await visitor.numbers(), upTo(300))
  })
}
