/** The race in Chromium: stopped, left, on a phone, in Chinese, and above the last benchmark. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { toQuantity } from '../../src/bench/report/format.ts'
import { median } from '../../src/bench/report/statistics.ts'
import type { Run, Transport } from '../../src/bench/run.ts'
import type { Built } from '../support/app.ts'
import { violations } from './axe.ts'
import { closeBrowser, scene } from './page.ts'
import { goRacing, startApp } from './spectator.ts'

const shots = new URL('../shots/', import.meta.url).pathname
const committed = readFileSync(new URL('../bench/bench.json', import.meta.url), 'utf8')
const run = JSON.parse(committed) as Run

/** The bytes of a token in each round. */
const bytesOver = (wanted: Transport): number[] =>
  run.samples
    .filter(({ measure, server }) => measure === 'bytes' && server === 'sqlite')
    .filter(({ transport }) => transport === wanted)
    .map(({ value }) => Number(value))

t.setTimeout(300_000)
t.teardown(closeBrowser)

/** The app, and the end of its n-th answer: who stopped it, if somebody did. */
async function overheard(t: Test) {
  const ended: string[] = []
  let wake = (): void => undefined
  const logTo = {
    write(line: string): void {
      const { generation, msg } = JSON.parse(line) as { generation: string; msg: string }
      if (msg === 'generation ended') ended.push(generation)
      wake()
    },
  }
  const env = { DEMO_TOKENS_PER_SECOND: '100', LOG_LEVEL: 'info' }
  const app: Built = await startApp(t, { env, logTo })
  const ends = async (count: number): Promise<object[]> => {
    while (ended.length < count) await new Promise<void>(resolve => (wake = resolve))
    const all = await Promise.all(ended.map(id => app.chat.generation(id)))
    return all.map(({ end }) => end ?? {})
  }
  return { url: app.url, ends }
}

scene('one lane is stopped, then the other', async (t, visit) => {
  const { url, ends } = await overheard(t)
  const { page, lanes, ...race } = await goRacing(await visit(url))
  await race.ask('count to 900')
  await race.start.click()
  await race.both('Answering…')
  await page.getByRole('button', { name: 'Stop WebSocket' }).click()
  await lanes[1].locator('.condition', { hasText: 'Stopped' }).waitFor()
  await lanes[0].locator('.condition', { hasText: 'Answering…' }).waitFor()
  await page.getByRole('button', { name: 'Stop both' }).click()
  await race.both('Stopped')
  const stopped = { type: 'done', reason: 'stopped', by: 'client' }
  t.strictSame(await ends(2), [stopped, stopped])
  t.match(await race.judged('Whole answer'), /^–/, 'nobody won')
  t.match(await race.judged('Events'), /none lost, none doubled$/)
  t.match(await race.judged('Texts'), /^–\s+as the server has them$/)
  await race.start.and(page.locator(':focus')).waitFor()
})

scene('a race ends when it is left, says so, and leaves no connection', async (t, visit) => {
  const { url, ends } = await overheard(t)
  const visitor = await visit(url)
  const { page } = visitor
  const sockets: Promise<unknown>[] = []
  page.on('websocket', socket => sockets.push(socket.waitForEvent('close')))
  const race = await goRacing(visitor)
  await race.ask('count to 900')
  await race.start.click()
  await race.both('Answering…')
  await page.goBack()
  await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor()
  const stopped = { type: 'done', reason: 'stopped', by: 'client' }
  t.strictSame(await ends(2), [stopped, stopped], 'at once, and not when nobody came back')
  await Promise.all(sockets)
  t.equal(sockets.length, 1)
  await page.goForward()
  await page.getByText('The race was stopped when you left it.').waitFor()
  await race.both('Stopped')
  t.equal(await page.getByRole('textbox', { name: 'Prompt' }).inputValue(), 'count to 900')
  await race.ask('count to 3')
  await race.start.click()
  await race.both('Complete')
  t.equal(await page.getByText('The race was stopped').count(), 0)
})

scene('the last benchmark is shown with its machine and its day', async (t, visit) => {
  const files = { 'bench.json': committed, 'bench.html': '<h1>whole</h1>' }
  const { url } = await startApp(t, {}, files)
  const visitor = await visit(url, { viewport: { width: 1280, height: 1100 } })
  const { page } = await goRacing(visitor)
  const report = page.locator('.benchmark')
  const day = new Date(run.at).toLocaleDateString('en-US', { dateStyle: 'long' })
  const where = await report.getByText(`Measured on ${day}`).innerText()
  t.match(where, run.machine.processor)
  t.match(where, `${run.machine.cores} cores`)
  const bytes = report.locator('tr', { hasText: 'bytes a token' }).locator('td')
  const [sse, websocket] = [bytesOver('sse'), bytesOver('websocket')]
  const ratio = median(websocket.map((one, round) => one / (sse[round] ?? NaN)))
  t.strictSame(
    (await bytes.allInnerTexts()).map(cell => cell.replace(/\s+/g, ' ').trim()),
    [
      toQuantity(median(sse), 'B'),
      `${toQuantity(median(websocket), 'B')} better`,
      toQuantity(ratio, '×'),
    ],
  )
  await report.getByText('What is often said of the two').click()
  await report.getByText('WebSocket is the heavier for the server.').waitFor()
  t.strictSame(await violations(page, 'all'), [])
  await report.scrollIntoViewIfNeeded()
  await page.screenshot({ path: join(shots, 'race-benchmark.png') })
  const download = page.waitForEvent('download')
  await report.getByRole('link', { name: 'Download the whole report' }).click()
  t.equal(readFileSync(await (await download).path(), 'utf8'), files['bench.html'])
})

scene('without a benchmark it is said how to make one', async (t, visit) => {
  const visitor = await visit((await startApp(t)).url)
  const errors: string[] = []
  visitor.page.on('console', message => message.type() === 'error' && errors.push(message.text()))
  const none = await goRacing(visitor)
  await none.page.getByText('There is no benchmark on this server yet.').waitFor()
  await none.page.getByText('npm run bench').waitFor()
  t.strictSame(errors, [], 'and that is no error')
  const half = await startApp(t, {}, { 'bench.json': committed.slice(0, 9000) })
  const broken = await goRacing(await visit(half.url))
  await broken.page.getByText('The benchmark that is there cannot be read.').waitFor()
})

scene('it is all there on a phone, in Chinese, in the dark', async (t, visit) => {
  const { url } = await startApp(t, {}, { 'bench.json': committed })
  const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
  const race = await goRacing(await visit(url, { ...phone, locale: 'zh-CN', colorScheme: 'dark' }))
  const { page } = race
  await race.ask('数到60')
  await page.getByRole('button', { name: '开始' }).tap()
  await race.both('完成')
  t.match(await race.judged('事件'), /没有丢失，没有重复$/)
  await page.screenshot({ path: join(shots, 'race-phone.png') })
  await page.locator('.lane').last().scrollIntoViewIfNeeded()
  t.ok(await page.getByRole('button', { name: '断网' }).isVisible(), 'the buttons stay in reach')
  const width = await page.evaluate(() => [
    innerWidth,
    document.querySelector('chat-race')?.scrollWidth,
  ])
  t.strictSame(width, [360, 360], 'nothing is wider than the phone')
  await page.getByText(/^测于 2026年/).waitFor()
  t.strictSame(await violations(page, 'all'), [])
  const english = await page.locator('chat-race').innerText()
  t.notMatch(english.replaceAll(/token|Demo \(scripted, no AI\)/g, ''), /\b[a-z]{5,} [a-z]{4,}/)
})
