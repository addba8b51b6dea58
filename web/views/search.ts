import { type TemplateResult, html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { State } from '../state.ts'
import type { Words } from '../words/words.ts'
import { type Emit, textOf } from './emit.ts'
import { icons } from './icons.ts'

/** The field that the list is searched with. */
export function searchField({ search }: State, words: Words, emit: Emit): TemplateResult {
  const text = search?.text ?? ''
  const clear = (): void => emit({ type: 'search', text: '' })
  const onInput = (event: InputEvent): void => {
    // Half of a Chinese word is letters that nobody looks for.
    if (!event.isComposing) emit({ type: 'search', text: textOf(event) })
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing || text === '') return
    event.preventDefault()
    event.stopPropagation()
    clear()
  }
  return html`
    <div class="search" role="search">
      ${icons.search}
      <input
        type="search"
        aria-label=${words.searchHint}
        placeholder=${words.search}
        maxlength="200"
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="search"
        .value=${live(text)}
        @input=${onInput}
        @compositionend=${(event: Event) => emit({ type: 'search', text: textOf(event) })}
        @keydown=${onKey}
      />
      ${
        text === ''
          ? nothing
          : html`
              <button class="quiet" aria-label=${words.clear} title=${words.clear} @click=${clear}>
                ${icons.close}
              </button>
            `
      }
    </div>
  `
}
