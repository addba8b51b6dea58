import type { State } from './state.ts'

/** The title of the window. `ended`: an answer ended while nobody could see it. */
export function titleOf({ conversations, open, place }: State, ended: boolean): string {
  const title = place === 'chat' && conversations.find(({ id }) => id === open)?.title
  return `${ended ? '✓ ' : ''}${title ? `${title} – ` : ''}ChatAI`
}
