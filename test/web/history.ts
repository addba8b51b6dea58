/** Conversations of many days, and the hand that opens their menus. */
import type { Locator, Page } from 'playwright-core'
import type { ConversationWithTurns } from '../../src/transports/views.ts'

const DAY = 86_400_000

export interface Seed {
  readonly title: string
  readonly daysAgo?: number
  readonly answer?: string
  /** Whose answer it is, and who answers next. */
  readonly model?: string
}

export const api = (url: string): string => `${new URL(url).origin}/api/ai/chat/conversations`

/** Have the server keep conversations, as if they had been made so many days ago; their ids. */
export async function seed(url: string, seeds: readonly Seed[]): Promise<string[]> {
  const ids: string[] = []
  const now = Date.now()
  for (const [i, { title, daysAgo = 0, answer = 'Yes.', model = 'demo' }] of seeds.entries()) {
    const at = now - daysAgo * DAY - i
    const turns = [
      { id: 'q', parent: null, role: 'user', content: `${title}?`, at },
      { id: 'a', parent: 'q', role: 'assistant', content: answer, at, model },
    ]
    const file = { format: 'chatai.conversation', version: 1, title, turns }
    const response = await fetch(api(url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...file, createdAt: at, updatedAt: at }),
    })
    const { id } = (await response.json()) as ConversationWithTurns
    ids.push(id)
  }
  return ids
}

export const statusOf = async (url: string, id: string): Promise<number> =>
  (await fetch(`${api(url)}/${id}`)).status

/** Resolves once the server has let a conversation go. */
export async function goneFrom(url: string, id: string): Promise<void> {
  while ((await statusOf(url, id)) !== 404);
}

export const chat = (page: Page, title: string): Locator =>
  page.locator('.chat', { has: page.locator('.name', { hasText: title }) })

export const titles = (page: Page): Promise<string[]> => page.locator('.name').allInnerTexts()

/** Choose from the menu of a conversation. */
export async function choose(page: Page, title: string, item: string): Promise<void> {
  const entry = chat(page, title)
  await entry.hover()
  await entry.locator('.options').click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}
