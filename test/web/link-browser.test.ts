/** /client.js in Chromium: in pages that are none of ours, after a sleep, and back on the network. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import type * as Client from '../../web/link/link.ts'
import { build } from '../support/app.ts'
import { openBrowser } from '../support/browser.ts'
import { openCable } from './proxy.ts'

/** What the page's side of a test has seen so far. */
interface Seen {
  readonly seqs: number[]
  readonly states: string[]
  /** Resolves once a connection is lost. */
  readonly lost: PromiseWithResolvers<void>
  /** The whole answer, at its end. */
  text?: string
}
declare global {
  interface Window {
    seen: Seen
  }
}

interface Wish {
  readonly transport: Client.Transport
  /** Where client.js and the server are. */
  readonly base: string
  readonly message: string
  /** Waits between attempts take this many times as long. */
  readonly slower?: number
}

const transports = ['sse', 'websocket'] as const
const browser = await openBrowser()
t.setTimeout(200_000)
t.teardown(() => browser.close())

async function visit(t: Test, url: string): Promise<Page> {
  const page = await browser.newPage()
  t.teardown(() => page.close())
  page.setDefaultTimeout(25_000)
  await page.goto(url)
  return page
}

/** Runs in the page: start an answer and follow it, in the background. */
async function follow({ transport, base, message, slower = 1 }: Wish): Promise<void> {
  const client = `${base}/client.js`
  const { openLink } = (await import(client)) as typeof Client
  const seen: Seen = { seqs: [], states: [], lost: Promise.withResolvers() }
  window.seen = seen
  const link = openLink(transport, {
    base,
    pace: { capMs: 1e9, random: () => slower },
    onState(state) {
      if (state !== seen.states.at(-1)) seen.states.push(state)
      if (state === 'resuming') seen.lost.resolve()
    },
  })
  const generation = await link.start({ message })
  const read = async (): Promise<void> => {
    let text = ''
    for await (const batch of link.events(generation, 0)) {
      for (const item of batch) {
        seen.seqs.push(item.seq)
        if (item.type === 'text') text += item.text
      }
    }
    seen.text = text
  }
  void read()
}

const heard = (page: Page, count: number) =>
  page.waitForFunction(wanted => window.seen.seqs.length >= wanted, count)
/** Not polled for: that would take the page's clock. */
const lost = (page: Page) => page.evaluate(() => window.seen.lost.promise)
const wake = (page: Page, what: 'online' | 'visibilitychange') =>
  page.evaluate(what => {
    const target = what === 'online' ? window : document
    target.dispatchEvent(new Event(what))
  }, what)

/** The answer comes to its end, with nothing lost, by way of these states. */
async function whole(t: Test, page: Page, expected: readonly string[]): Promise<void> {
  await page.waitForFunction(() => window.seen.text !== undefined)
  const { seqs, states, text } = await page.evaluate(() => window.seen)
  t.match(text, /\b47\s+48\s+49\s+50\b/)
  t.ok(
    seqs.every((seq, i) => seq === i + 1),
    'each event once, in order',
  )
  t.same(states, expected)
}

for (const transport of transports) {
  t.test(transport, async t => {
    await t.test('an answer in a blank page of the server', async t => {
      const app = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '1000' } })
      const page = await visit(t, `${app.url}/healthz`)
      await page.evaluate(follow, { transport, base: app.url, message: 'count to 50' })
      await whole(t, page, ['connected'])
    })

    await t.test(
      'an answer in a page of a site that is allowed, and of one that is not',
      async t => {
        const site = createServer((_, response) => {
          response.setHeader('content-type', 'text/html').end('<!doctype html><title>site</title>')
        })
        await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
        t.teardown(() => site.close())
        const { port } = site.address() as AddressInfo
        const origin = `http://127.0.0.1:${port}`
        const env = { DEMO_TOKENS_PER_SECOND: '1000', ALLOWED_ORIGINS: origin }
        const app = await build(t, { env })
        const wish = { transport, base: app.url, message: 'count to 50' }
        const page = await visit(t, origin)
        await page.evaluate(follow, wish)
        await whole(t, page, ['connected'])
        const stranger = await visit(t, `http://localhost:${port}`)
        await t.rejects(stranger.evaluate(follow, wish), /Failed to fetch/)
      },
    )

    await t.test('a connection that died while the tab slept is found once it is seen', async t => {
      const app = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '50' } })
      const cable = await openCable(t, app.url)
      const page = await visit(t, `${cable.url}/healthz`)
      // The browser keeps their connections for the next requests, and does not know when they die.
      await page.evaluate(() => Promise.all(Array.from({ length: 3 }, () => fetch('/healthz'))))
      await page.clock.install()
      await page.evaluate(follow, { transport, base: cable.url, message: 'count to 50' })
      await heard(page, 10)
      cable.hush()
      // Of itself a silence counts as death after 37.5 s only.
      await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 15_000)
      await wake(page, 'visibilitychange')
      await page.clock.runFor(19_000)
      await lost(page)
      await page.clock.resume()
      await whole(t, page, ['connected', 'resuming', 'connected'])
    })

    for (const what of ['online', 'visibilitychange'] as const) {
      await t.test(`who waits for the next attempt is woken by ${what}`, async t => {
        const app = await build(t, { env: { DEMO_TOKENS_PER_SECOND: '50' } })
        const cable = await openCable(t, app.url)
        const page = await visit(t, `${cable.url}/healthz`)
        const wish = { transport, base: cable.url, message: 'count to 50', slower: 1e4 }
        await page.evaluate(follow, wish)
        await heard(page, 10)
        cable.cut()
        await lost(page)
        cable.mend()
        await wake(page, what)
        await whole(t, page, ['connected', 'resuming', 'connected'])
      })
    }
  })
}
