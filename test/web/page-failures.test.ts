/** The page in Chromium: every failure is said, keeps what there is, and can be tried again. */
import { join } from 'node:path'
import t from 'tap'
import { build } from '../support/app.ts'
import { type Step, chunks, end, head, hangUp, reply, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { closeBrowser, scene } from './page.ts'

const shots = new URL('../shots/', import.meta.url).pathname
const never = until(new Promise(() => {}))

t.setTimeout(240_000)
t.teardown(closeBrowser)

interface Case {
  readonly steps: readonly Step[]
  readonly says: string
  /** What was said before it failed. */
  readonly kept?: string
  readonly env?: Record<string, string>
}

/** What a model can do wrong. */
const faults: Readonly<Record<string, Case>> = {
  provider_rejected: { steps: [reply(401, 'no')], says: 'The model did not take the request.' },
  provider_unavailable: {
    steps: [reply(429, 'slow', { 'retry-after': '30' })],
    says: 'The model is not available now.',
  },
  provider_broken: {
    steps: [head(), chunks({ content: 'half a word' }), hangUp],
    says: 'The answer broke off.',
    kept: 'half a word',
  },
  provider_timeout: {
    steps: [head(), chunks({ content: 'half a word' }), never],
    says: 'The model took too long.',
    kept: 'half a word',
    env: { IDLE_TIMEOUT_MS: '300' },
  },
  'provider_timeout at the start': {
    steps: [never],
    says: 'The model took too long.',
    env: { FIRST_BYTE_TIMEOUT_MS: '300' },
  },
  'a clean end that is none': {
    steps: [head(), chunks({ content: 'half a word' }), end],
    says: 'The answer broke off.',
    kept: 'half a word',
  },
}

for (const transport of ['SSE', 'WebSocket']) {
  for (const [name, { steps, says, kept = '', env }] of Object.entries(faults)) {
    scene(`${transport}: ${name}`, async (t, visit) => {
      const upstream = await startUpstream(t)
      const app = await build(t, { upstream, ...(env && { env }) })
      const visitor = await visit(app.url)
      const { answer, page } = visitor
      await page.getByText(transport, { exact: true }).click()
      for (const reloaded of [false, true]) {
        upstream.play(...steps)
        await (reloaded ? visitor.button('Answer again').click() : visitor.ask('go'))
        await answer.getByText(says).waitFor()
        await page.screenshot({ path: join(shots, `failed-${name.replaceAll(' ', '-')}.png`) })
        if (reloaded) await visitor.reload()
        await answer.getByText(says).waitFor()
        t.equal((await answer.locator('.prose').innerText()).trim(), kept)
        await visitor.button('Try again').click()
        await answer.getByText('Hello world').waitFor()
        await visitor.ended()
      }
      t.equal(await page.locator('.bubble').count(), 1)
    })
  }
}
