import { type TemplateResult, html, nothing } from 'lit-html'
import { differs } from '../settings.ts'
import type { State } from '../state.ts'
import type { Words } from '../words/words.ts'
import type { Emit } from './emit.ts'

/**
 * Other settings are chosen than the answer is written with: whether they are to be used for it.
 * Stands above the message, and in the settings while those lie over it.
 */
export function applying(state: State, words: Words, emit: Emit): TemplateResult | typeof nothing {
  if (!differs(state)) return nothing
  const waits = state.live?.applying === true
  const apply = (name: string, mode: 'continue' | 'restart'): TemplateResult => html`
    <button
      class="plain"
      type="button"
      ?disabled=${waits}
      @click=${() => emit({ type: 'apply', mode })}
    >
      ${name}
    </button>
  `
  return html`
    <div class="applying" role="status">
      <span>${waits ? words.applying : words.differs}</span>
      ${apply(words.continueWith, 'continue')} ${apply(words.restartWith, 'restart')}
    </div>
  `
}
