/** A person in front of the page: what they see and do, and what the page must never do. */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { openBrowser } from '../support/browser.ts'

export interface Visitor {
  readonly page: Page
  readonly message: Locator
  /** The last answer: its text, and how it is doing. */
  readonly answer: Locator
  ask(text: string): Promise<void>
  button(name: string): Locator
  /** The last answer is being written. */
  writing(): Promise<void>
  /** The last answer is complete. */
  ended(): Promise<void>
  /** The numbers that the last answer counts, as far as it has come. */
  numbers(): Promise<number[]>
  /** The last answer has counted so far: a number from the middle of a row of ten. */
  counted(to: number): Promise<void>
  /** How the connection is, as the page says. */
  connection(how: 'Connected' | 'Resuming…' | 'Offline'): Promise<void>
  /** The same address in another tab of the same browser. */
  tab(): Promise<Visitor>
  /** Come back to the page after it was loaded again. */
  reload(): Promise<void>
}

export type Visit = (url: string, options?: BrowserContextOptions) => Promise<Visitor>

let browser: Promise<Browser> | undefined

/** One browser for all tests of a file. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
}

/**
 * A test with one or more visitors. In all of them nothing is requested of another origin, no
 * script fails, no dialog opens and nothing is done against the page's policy.
 */
export function scene(name: string, act: (t: Test, visit: Visit) => Promise<void>): void {
  void t.test(name, async t => {
    const faults: string[] = []
    await act(t, (url, options) => visit(t, url, { faults, options }))
    t.strictSame(faults, [], 'the page behaved')
  })
}

async function visit(
  t: Test,
  url: string,
  { faults, options = {} }: { faults: string[]; options?: BrowserContextOptions | undefined },
): Promise<Visitor> {
  browser ??= openBrowser()
  const context = await (await browser).newContext({ locale: 'en-US', ...options })
  t.teardown(() => context.close())
  return open(context, url, faults)
}

async function open(context: BrowserContext, url: string, faults: string[]): Promise<Visitor> {
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await listen(page, new URL(url).host, faults)
  await page.goto(url)
  await page.getByRole('textbox', { name: /Message|消息/ }).waitFor()
  return { ...visitor(page), tab: () => open(context, page.url(), faults) }
}

async function listen(page: Page, host: string, faults: string[]): Promise<void> {
  const check = (url: string): void => {
    if (new URL(url).host !== host) faults.push(`request: ${url}`)
  }
  page.on('request', request => check(request.url()))
  page.on('websocket', socket => check(socket.url()))
  page.on('pageerror', error => faults.push(`error: ${error.message}`))
  page.on('dialog', dialog => faults.push(`dialog: ${dialog.message()}`))
  await page.exposeFunction('blocked', (what: string) => faults.push(`policy: ${what}`))
  await page.addInitScript(watchPolicy)
}

/** Runs in the page. */
function watchPolicy(): void {
  addEventListener('securitypolicyviolation', event => {
    const { blocked } = globalThis as unknown as { blocked(what: string): void }
    blocked(`${event.violatedDirective} ${event.blockedURI}`)
  })
}

function visitor(page: Page): Omit<Visitor, 'tab'> {
  const message = page.getByRole('textbox', { name: /Message|消息/ })
  const answer = page.locator('.answer').last()
  const numbers = async (): Promise<number[]> => {
    const text = await answer.locator('.prose').last().innerText()
    // They stand in rows between two sentences.
    return (/:\n+(1[\d\s]*)/.exec(text)?.[1] ?? '').split(/\s+/).filter(Boolean).map(Number)
  }
  return {
    page,
    message,
    answer,
    numbers,
    async ask(text) {
      await message.fill(text)
      // Where there are only fingers, Enter begins a new line.
      const sends = (await message.getAttribute('enterkeyhint')) === 'send'
      if (sends) await message.press('Enter')
      else await page.locator('.composer [type=submit]').tap()
    },
    connection: how =>
      page.getByRole('button', { name: `Connection: ${how}`, exact: true }).waitFor(),
    button: name => page.getByRole('button', { name, exact: true }).last(),
    writing: () => answer.and(page.locator('[aria-busy=true]')).waitFor(),
    ended: () => answer.and(page.locator('[aria-busy=false]')).waitFor(),
    counted: async to => {
      await answer
        .getByText(new RegExp(`\\b${to}\\b`))
        .first()
        .waitFor()
    },
    async reload() {
      await page.reload()
      await page.locator('.answer').last().waitFor()
    },
  }
}
