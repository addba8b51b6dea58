import type { Choices } from './state.ts'
import { languageOf } from './words/words.ts'

const CHOICES = 'chatai.choices'
const KEY = 'chatai.key'

/** What this person chose before, over what suits the browser. */
export function readChoices(): Choices {
  const fresh: Choices = {
    language: languageOf(navigator.language),
    transport: 'sse',
    model: undefined,
    params: {},
  }
  const kept = localStorage.getItem(CHOICES)
  return kept === null ? fresh : { ...fresh, ...(JSON.parse(kept) as Partial<Choices>) }
}

export const keepChoices = (choices: Choices): void =>
  localStorage.setItem(CHOICES, JSON.stringify(choices))

/** The API key is kept as long as the tab is open, no longer. */
export const readKey = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined
export const keepKey = (key: string): void => sessionStorage.setItem(KEY, key)
