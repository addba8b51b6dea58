import { MAX_TEXT, ranges } from '../fields.ts'
import type { Shown } from '../settings.ts'
import type { Words } from '../words/words.ts'
import { countOf } from './amounts.ts'

/** What is wrong with a field of the settings: at the field, and where the settings are used. */
export function mistakeOf(field: Shown, words: Words): { why: string; unused: string } {
  const why = demandOf(field, words)
  return { why, unused: words.unused(labelOf(field, words), why) }
}

export function labelOf(field: Shown, words: Words): string {
  const labels = {
    temperature: words.temperature,
    top_p: words.topP,
    max_tokens: words.maxTokens,
    system: words.system,
  }
  return labels[field]
}

/** What may stand in a field. */
export function demandOf(field: Shown, words: Words): string {
  if (field === 'system') return words.atMost(countOf(MAX_TEXT))
  const { min, max } = ranges[field]
  const demand = field === 'max_tokens' ? words.wholeFrom : words.numberFrom
  return demand(countOf(min), countOf(max))
}
