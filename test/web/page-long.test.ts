/**
 * The page in Chromium while an answer of 50,000 tokens streams. What is asserted are counts; the
 * tasks of more than 50 ms are told, for they tell of the machine, too. At the pace of a model:
 *
 *     TOKENS_PER_SECOND=200 npx tap test/web/page-long.test.ts
 */
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { build } from '../support/app.ts'
import { type Step, chunk, finish, head } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { LAST, heapOf, note, noted, pieces } from './heavy.ts'
import { closeBrowser, scene } from './page.ts'

const TOKENS = 50_000
const rate = Number(process.env['TOKENS_PER_SECOND'] ?? 2500)
/** So often a second the model says something. */
const BEATS = 50
const MB = 1024 ** 2

t.setTimeout((60 + (2 * TOKENS) / rate) * 1000)
t.teardown(closeBrowser)

/** Say them at that pace: late ones are made up for. */
const paced =
  (texts: Iterable<string>): Step =>
  async ({ response, socket }) => {
    const begun = performance.now()
    let said = 0
    let batch = ''
    for (const content of texts) {
      batch += `data: ${JSON.stringify(chunk({ delta: { content } }))}\n\n`
      if (++said % Math.max(1, rate / BEATS) !== 0) continue
      if (socket.destroyed) return
      response.write(batch)
      batch = ''
      await pause(Math.max(0, begun + (said / rate) * 1000 - performance.now()))
    }
    response.write(batch)
  }

scene('50,000 tokens cost the page the same from the first to the last', async (t, visit) => {
  const upstream = await startUpstream(t)
  upstream.play(head(), paced(pieces(TOKENS)), finish())
  const app = await build(t, { upstream })
  const { page, ask, answer, ended } = await visit(app.url)
  await page.addInitScript(note)
  await page.reload()
  const session = await page.context().newCDPSession(page)
  await ask('go')
  const reached = (words: string): Promise<void> =>
    answer.getByText(words, { exact: true }).waitFor({ timeout: (60 + TOKENS / rate) * 1000 })
  const parts = [...pieces(TOKENS)].join('').match(/^## /gm)?.length ?? 0
  await reached('Part 3')
  const early = await heapOf(session)
  await reached(`Part ${Math.round(parts / 4)}`)
  const { changes: first } = await noted(page)
  await reached(`Part ${Math.round((parts * 3) / 4)}`)
  const { changes: before } = await noted(page)
  await reached(LAST)
  await ended()
  const { tasks, changes } = await noted(page)
  const last = changes - before
  t.comment(
    `${tasks.length} tasks of more than 50 ms, the longest ${Math.round(Math.max(...tasks, 0))} ms;`,
    `${first} changes to the DOM in the first quarter, ${last} in the last`,
  )
  // They depend on how much comes in a frame; work that grew with the text would be seven times it.
  t.ok(last < 3 * first, 'the last quarter takes no more than the first')
  t.equal(await page.locator('.answer h4').count(), parts, 'all of it is there')

  const full = await heapOf(session)
  await page.locator('#scroll').hover()
  for (const up of [-20_000, -20_000, 60_000]) await page.mouse.wheel(0, up)
  await answer.getByText(LAST).waitFor()
  const read = await heapOf(session)
  await page.getByRole('link', { name: 'New chat' }).click()
  await answer.waitFor({ state: 'detached' })
  const left = await heapOf(session)
  const told = [early, full, read, left].map(bytes => `${(bytes / MB).toFixed(1)} MB`)
  t.comment(`heap early, at the end, once read, once left: ${told.join(', ')}`)
  t.ok(read < full + 2 * MB, 'nothing grows after the end')
  t.ok(left < early + 4 * MB, 'and nothing of it stays')
})
