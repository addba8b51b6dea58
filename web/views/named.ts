/** Models and settings in the words of the page. */
import type { Params } from '../live.ts'
import type { Model } from '../state.ts'
import type { Words } from '../words/words.ts'
import { countOf } from './amounts.ts'

/** A model by its label; '' for none. */
export const nameOf = (id: string | undefined, models: readonly Model[]): string =>
  models.find(model => model.id === id)?.label ?? id ?? ''

/** The settings that are set, by name; those of other clients by the name that they have there. */
export const settingsIn = (params: Params, words: Words): [name: string, value: string][] =>
  Object.entries(params).map(([name, value]) => [namesOf(words)[name] ?? name, textOf(value)])

const namesOf = (words: Words): Readonly<Record<string, string>> => ({
  temperature: words.temperature,
  top_p: words.topP,
  max_tokens: words.maxTokens,
  system: words.system,
})

const textOf = (value: unknown): string =>
  typeof value === 'number' && value >= 1000 ? countOf(value) : [value].flat().join(', ')
