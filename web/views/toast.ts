import { type TemplateResult, html, nothing } from 'lit-html'
import { keptOf } from '../shelf.ts'
import type { Binned, Imported, State } from '../state.ts'
import type { Words } from '../words/words.ts'
import type { Emit } from './emit.ts'

/** Says what was just deleted, and takes it back; and what was brought in. */
export function toast(state: State, words: Words, emit: Emit): TemplateResult {
  const kept = keptOf(state)
  return html`
    <div class="toasts" role="status">
      ${state.imported ? imported(state.imported, words) : nothing}
      ${kept ? undoing(kept, words, emit) : nothing}
    </div>
  `
}

const imported = ({ count, title }: Imported, words: Words): TemplateResult => html`
  <div class="toast">
    <p>${words.imported(count)}<span class="what">${title || words.untitled}</span></p>
  </div>
`

function undoing({ title }: Binned, words: Words, emit: Emit): TemplateResult {
  // As long as somebody is at it, by pointer or by key, it stays.
  const linger = ({ currentTarget }: Event): void => {
    const here = currentTarget as HTMLElement
    emit({ type: 'linger', over: here.matches(':hover, :focus-within') })
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    emit({ type: 'purge' })
  }
  return html`
    <div
      class="toast"
      @pointerenter=${linger}
      @pointerleave=${linger}
      @focusin=${linger}
      @focusout=${linger}
      @keydown=${onKey}
    >
      <p>${words.deleted}<span class="what">${title || words.untitled}</span></p>
      <button class="plain undo" @click=${() => emit({ type: 'undelete' })}>${words.undo}</button>
    </div>
  `
}
