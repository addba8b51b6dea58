/** Fields in which questions are typed: nothing that was pasted is cut off, it is said instead. */
import { type TemplateResult, html, nothing } from 'lit-html'
import { MAX_TEXT } from '../fields.ts'
import type { Words } from '../words/words.ts'
import { countOf } from './amounts.ts'

export const isTooLong = (text: string): boolean => text.trim().length > MAX_TEXT

/** Says under the field with that `id` that its text is too long. */
export function tooLong(id: string, text: string, words: Words): TemplateResult | typeof nothing {
  if (!isTooLong(text)) return nothing
  const said = words.tooLong(countOf(text.trim().length), countOf(MAX_TEXT))
  return html`<p class="mistake" role="alert" id=${id}>${said}</p>`
}
