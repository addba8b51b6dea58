/** What a page does while an answer streams, as the browser counts it. */
import type { CDPSession, Page } from 'playwright-core'

/** One section of an answer with everything that is drawn in its own way. */
const section = (number: number): string => `## Part ${number}

Some *words* about \`item${number}\`, its [page](https://example.com/${number}) and $x_${number}^2$.

- first, and **bold**
- second
  1. deeper

| name | value |
| ---- | ----: |
| a    | ${number} |
| b    | ${number + 1} |

\`\`\`ts
const item${number} = { id: ${number}, name: 'one of many' }
export const twice = (n: number): number => n * ${number}
\`\`\`

> A quote of some length, so that the page has lines to break when it gets narrow.

`

/** The last words of a long answer. */
export const LAST = 'That is all of it.'

/** So many pieces of four characters, as a model says them. */
export function* pieces(count: number): Generator<string> {
  let text = ''
  for (let said = 0, part = 1; said < count - 10; said++) {
    while (text.length < 4) text += section(part++)
    yield text.slice(0, 4)
    text = text.slice(4)
  }
  // Whatever was open is closed by what follows.
  yield* `\n\`\`\`\n\n${LAST}`.match(/[^]{1,4}/g) ?? []
}

interface Noted {
  /** Milliseconds of every task of more than 50. */
  readonly tasks: number[]
  /** All changes to the DOM so far. */
  changes: number
}

/** Runs in the page, before it does. */
export function note(): void {
  const noted: Noted = { tasks: [], changes: 0 }
  Object.assign(globalThis, { noted })
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) noted.tasks.push(duration)
  }).observe({ type: 'longtask' })
  new MutationObserver(records => {
    noted.changes += records.length
  }).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  })
}

export const noted = (page: Page): Promise<Noted> =>
  page.evaluate(() => (globalThis as unknown as { noted: Noted }).noted)

/** What the page's scripts hold, in bytes, once everything is thrown away that can be. */
export async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}
