/** The page in Chromium: a question that the server does not take is said, kept and asked again. */
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { type Built, build } from '../support/app.ts'
import { chunks, finish, head, until } from '../support/script.ts'
import { type Upstream, startUpstream } from '../support/upstream.ts'
import { type Visitor, closeBrowser, scene } from './page.ts'

const shots = new URL('../shots/', import.meta.url).pathname
const never = until(new Promise(() => {}))

t.setTimeout(240_000)
t.teardown(closeBrowser)

const question = 'and now?'
const asked = (visitor: Visitor, text: string) =>
  visitor.page.locator('.bubble').last().getByText(text, { exact: true }).waitFor()

interface Scene {
  readonly t: Test
  readonly app: Built
  readonly upstream: Upstream
  readonly visitor: Visitor
  /** The same conversation in another tab. */
  second(): Promise<Visitor>
}

/** Why a start is refused, and what a person sees. */
interface Refusal {
  readonly says: string
  /** What the server says itself, whatever the transport. */
  readonly detail?: RegExp
  readonly question?: string
  /** Bring it about; returns what ends it. */
  arrange(scene: Scene): Promise<() => Promise<unknown>>
}

/** Refusals of the real server. */
const real: Readonly<Record<string, Refusal>> = {
  conflict: {
    says: 'This is not possible now.',
    async arrange({ upstream, second }) {
      upstream.play(head(), chunks({ content: 'busy' }), never)
      const other = await second()
      await other.ask('first!')
      await other.answer.getByText('busy').waitFor()
      return async () => {
        await other.button('Stop').click()
        await other.answer.getByText('Stopped.').waitFor()
      }
    },
  },
  too_large: {
    says: 'The message is too long.',
    // Over WebSocket nobody knows how large.
    detail: /^The request body is larger than .*this server takes\.$/,
    question: '好'.repeat(90_000),
    arrange: async ({ t, visitor }) => {
      return async () => {
        await visitor.button('Take back').click()
        t.equal((await visitor.message.inputValue()).length, 90_000)
        await visitor.ask(question)
        await asked(visitor, question)
      }
    },
  },
}

for (const transport of ['SSE', 'WebSocket']) {
  for (const [name, refusal] of Object.entries(real)) {
    scene(`${transport}: ${name}`, async (t, visit) => {
      const upstream = await startUpstream(t)
      const app = await build(t, { upstream })
      const visitor = await visit(app.url)
      const { answer, page } = visitor
      await page.getByText(transport, { exact: true }).click()
      await visitor.ask('hello')
      await visitor.ended()
      const second = (): Promise<Visitor> => visit(page.url())
      const settle = await refusal.arrange({ t, app, upstream, visitor, second })
      const text = refusal.question ?? question
      await visitor.ask(text)
      await answer.getByText(refusal.says).waitFor()
      if (refusal.detail) await answer.getByText(refusal.detail).waitFor()
      await page.screenshot({ path: join(shots, `refused-${name}.png`) })
      await visitor.reload()
      await answer.getByText(refusal.says).waitFor()
      await asked(visitor, text)
      await settle()
      if (name !== 'too_large') await visitor.button('Try again').click()
      await visitor.ended()
      await answer.getByText('Hello world').waitFor()
      await asked(visitor, question)
    })
  }

  scene(`${transport}: a conversation that was deleted elsewhere`, async (t, visit) => {
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream })
    const visitor = await visit(app.url)
    const { answer, page } = visitor
    await page.getByText(transport, { exact: true }).click()
    await visitor.ask('hello')
    await visitor.ended()
    await app.chat.remove(new URL(page.url()).hash.slice(1))
    await visitor.ask(question)
    await answer.getByText('This was not found.').waitFor()
    await visitor.button('Try again').click()
    await answer.getByText('Hello world').waitFor()
    t.strictSame(await page.locator('.bubble').allInnerTexts(), [question], 'in a new one')
  })
}

/** Codes that this server has no reason for, or a person does not wait for: said in its place. */
const said: Readonly<Record<string, string>> = {
  invalid_request: 'The server did not understand the request.',
  forbidden: 'The server does not allow this.',
  rate_limited: 'Too many requests.',
  overloaded: 'The server cannot answer now.',
  interrupted: 'The server was restarted while it answered.',
  internal: 'Something went wrong inside the server.',
}
const passing = ['rate_limited', 'overloaded', 'interrupted']

/** Refuse starts with these codes, one after the other, on both transports, and tell of each. */
async function refuse(page: Page, codes: string[], told: EventEmitter): Promise<void> {
  const next = () => {
    const code = codes.shift()
    told.emit('refused')
    // Longer than the page waits by itself.
    return code && { code, message: 'Why.', retryAfter: passing.includes(code) ? 600 : undefined }
  }
  await page.route('**/chat/sse', route => {
    const error = next()
    if (!error) return route.continue()
    // The server says it in the header, too, and that is what is read.
    const headers = error.retryAfter ? { 'retry-after': String(error.retryAfter) } : {}
    return route.fulfill({ status: 503, headers, json: { error } })
  })
  await page.routeWebSocket('**/chat/websocket', socket => {
    const server = socket.connectToServer()
    socket.onMessage(text => {
      const { id, type } = JSON.parse(String(text)) as { id: string; type: string }
      const error = type === 'start' ? next() : undefined
      if (error) socket.send(JSON.stringify({ id, type: 'rejected', ...error }))
      else server.send(text)
    })
  })
}

for (const transport of ['SSE', 'WebSocket']) {
  scene(`${transport}: every other code`, async (t, visit) => {
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream })
    const visitor = await visit(app.url)
    const { answer, page } = visitor
    const codes: string[] = []
    const told = new EventEmitter()
    await refuse(page, codes, told)
    await page.reload()
    await page.getByText(transport, { exact: true }).click()
    for (const [i, [code, says]] of Object.entries(said).entries()) {
      codes.push(code, code)
      const again = (): Promise<void> => visitor.button('Try again').click()
      for (const ask of [() => visitor.ask(`${question} ${i}`), again]) {
        await Promise.all([once(told, 'refused'), ask()])
        await answer.getByText(says).waitFor()
        const possible = answer.getByText(/Possible again in (10 min 0|9 min \d+) s\./)
        if (passing.includes(code)) await possible.waitFor()
        t.equal(await possible.count(), passing.includes(code) ? 1 : 0, code)
      }
      await visitor.reload()
      await answer.getByText(says).waitFor()
      await page.screenshot({ path: join(shots, `refused-${code}.png`) })
      await again()
      await answer.getByText('Hello world').waitFor()
      await visitor.ended()
      await asked(visitor, `${question} ${i}`)
      t.equal(await page.locator('.bubble').count(), i + 1)
    }
  })

  scene(`${transport}: a server that lets nobody ask so often`, async (t, visit) => {
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream, env: { RATE_LIMIT_PER_MINUTE: '1' } })
    const visitor = await visit(app.url)
    await visitor.page.getByText(transport, { exact: true }).click()
    await visitor.ask('hello')
    await visitor.ended()
    await visitor.ask(question)
    await visitor.answer.getByText(/Too many requests\. Trying again in \d+ s\./).waitFor()
    await visitor.button('Stop').click()
    await visitor.answer.getByText('Hello world').waitFor()
    t.equal(await visitor.message.inputValue(), question)
  })

  scene(`${transport}: a question that waits survives a reload`, async (t, visit) => {
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream, env: { MAX_GENERATIONS: '1' } })
    const gate = Promise.withResolvers<void>()
    upstream.play(head(), until(gate.promise), finish())
    const other = await visit(app.url)
    await other.ask('first!')
    await other.answer.getByText('Waiting for the model…').waitFor()
    const visitor = await visit(app.url)
    await visitor.page.getByText(transport, { exact: true }).click()
    await visitor.ask(question)
    await visitor.answer.getByText(/Trying again in/).waitFor()
    await visitor.reload()
    await visitor.answer.getByText(/Trying again in/).waitFor()
    gate.resolve()
    await visitor.answer.getByText('Hello world').waitFor()
    t.strictSame(await visitor.page.locator('.bubble').allInnerTexts(), [question])
    t.equal(upstream.requests.length, 2, 'and was asked once')
  })

  scene(`${transport}: a key that is needed all of a sudden`, async (t, visit) => {
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream, env: { API_KEYS: 'secret' } })
    const visitor = await visit(app.url)
    const { page, answer } = visitor
    const enter = async (): Promise<void> => {
      await page.getByLabel('API key').fill('secret')
      await page.getByLabel('API key').press('Enter')
    }
    await enter()
    await page.getByText(transport, { exact: true }).click()
    // As if the session had ended meanwhile.
    await page.context().clearCookies()
    await visitor.ask(question)
    await answer.getByText('The API key is missing or wrong.').waitFor()
    await enter()
    await answer.getByText('Hello world').waitFor()
    t.strictSame(await page.locator('.bubble').allInnerTexts(), [question])
  })
}
