import { type TemplateResult, html, nothing } from 'lit-html'
import { type Words, explain } from '../words/words.ts'

/** What went wrong, from the short to the particular. */
export function explained(
  words: Words,
  failure: { readonly code: string; readonly message: string },
): TemplateResult {
  const { heading, cause, detail } = explain(words, failure)
  return html`
    <div class="explained">
      <p>${heading}</p>
      ${cause === '' ? nothing : html`<p class="cause">${cause}</p>`}
      ${detail === '' ? nothing : html`<p class="detail" lang="en">${detail}</p>`}
    </div>
  `
}
