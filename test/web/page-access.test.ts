/** Every main state of the page, by axe and for the eye: in each theme, size and language. */
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Language, type Words, words } from '../../web/words/words.ts'
import { build } from '../support/app.ts'
import { chunks, finish, head, reply, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { violations } from './axe.ts'
import { type Visitor, closeBrowser, scene } from './page.ts'

const shots = new URL('../shots/', import.meta.url).pathname
const sizes = {
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 768, height: 1024 }, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const
const locales: Readonly<Record<Language, string>> = { en: 'en-US', zh: 'zh-CN' }

const rich = `### A plan

1. Look, then *leap*; see [the map](https://example.com/map) and \`here()\`.
2. Nothing else.

| name | size |
|---|---:|
| one | 1 |
| two | 22 |

- [x] done
- [ ] to do

> Said before: $e^{i\\pi} = -1$.

$$\\int_0^1 x^2 \\, dx = \\frac{1}{3}$$

\`\`\`ts
// a long line that has to scroll, or else the page would be wider than what it is read on
export const add = (a: number, b = 2): string => String(a + b) + ' apples'
\`\`\`
`

t.setTimeout(220_000)
t.teardown(closeBrowser)

/** One look at what is there now. */
interface Look {
  readonly t: Test
  readonly visitor: Visitor
  readonly place: string
}

async function look({ t, visitor: { page }, place }: Look, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const scope = colorScheme === 'light' ? 'all' : 'colours'
    t.strictSame(await violations(page, scope), [], `${place}: ${state}, ${colorScheme}`)
    await page.screenshot({ path: join(shots, `${place}-${state}-${colorScheme}.png`) })
  }
}

async function answers(at: Look, said: Words, upstream: Awaited<ReturnType<typeof startUpstream>>) {
  const { visitor } = at
  const more = Promise.withResolvers<void>()
  const thought = { reasoning_content: 'Let me see.' }
  upstream.play(
    head(),
    chunks(thought, { content: 'Well, ' }),
    until(more.promise),
    chunks({ content: `let me see.\n\n${rich}` }),
    finish(),
  )
  await visitor.ask(`${said.suggestions[1]}: ${'why '.repeat(30)}`)
  await visitor.answer.getByText('Well,').waitFor()
  await look(at, 'answering')
  more.resolve()
  await visitor.ended()
  await visitor.answer.locator('[class^=hl-]').first().waitFor()
  await visitor.answer.locator('.katex-display').waitFor()
  await look(at, 'answered')
  upstream.play(reply(401, 'no'))
  await visitor.ask('and now?')
  await visitor.answer.locator('.failure').waitFor()
  await look(at, 'failed')
}

async function panels(at: Look, said: Words): Promise<void> {
  const { page, button } = at.visitor
  await button(said.settings).click()
  await page.locator('.settings :focus').waitFor()
  await look(at, 'settings')
  await page.keyboard.press('Escape')
  if (at.place.startsWith('phone')) {
    await button(said.chats).click()
    await page.locator('.sidebar :focus').waitFor()
    await look(at, 'list')
    await page.keyboard.press('Escape')
  }
  await page.keyboard.press('Control+/')
  await page.locator('dialog[open]').waitFor()
  await look(at, 'keys')
}

/** Which sizes are looked at in which languages. */
const places = [
  ['phone', 'en'],
  ['phone', 'zh'],
  ['tablet', 'en'],
  ['desktop', 'en'],
  ['desktop', 'zh'],
] as const

for (const [size, language] of places) {
  const place = `${size}-${language}`
  scene(`${place}: nothing keeps anybody out`, async (t, visit) => {
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream })
    const visitor = await visit(app.url, { ...sizes[size], locale: locales[language] })
    const at = { t, visitor, place }
    await visitor.page.locator('option').first().waitFor({ state: 'attached' })
    await look(at, 'empty')
    await answers(at, words[language], upstream)
    await panels(at, words[language])
  })
}

for (const size of ['phone', 'desktop'] as const) {
  scene(`${size}: the form for a key`, async (t, visit) => {
    const { url } = await build(t, { env: { API_KEYS: 'secret' } })
    const visitor = await visit(url, sizes[size])
    await visitor.page.locator('.key :focus').waitFor()
    await look({ t, visitor, place: `${size}-en` }, 'key')
  })
}
