import { type TemplateResult, html } from 'lit-html'
import type { State } from '../state.ts'
import type { Words } from '../words/words.ts'
import type { Emit } from './emit.ts'
import { explained } from './explained.ts'

/** Asks for the API key that the server wants, and says why the one it got does not do. */
export function keyForm({ keyed }: State, words: Words, emit: Emit): TemplateResult {
  const submit = (event: Event): void => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const key = new FormData(form).get('key')
    // A key that was wrong is no beginning of the next one.
    form.reset()
    if (typeof key === 'string' && key !== '') emit({ type: 'key', key })
  }
  return html`
    <form class="notice key" @submit=${submit}>
      <div role="alert">
        ${whyOf(keyed, words)}
        <p class="hint" id="key-hint">${words.keyHint}</p>
      </div>
      <input
        type="password"
        name="key"
        aria-label=${words.keyLabel}
        aria-describedby="key-hint"
        aria-invalid=${keyed?.code === 'unauthorized'}
        placeholder=${words.keyLabel}
        autocomplete="current-password"
        pattern="[!-~]+"
        required
      />
      <button class="primary">${words.keySend}</button>
    </form>
  `
}

function whyOf(keyed: State['keyed'], words: Words): TemplateResult {
  if (keyed === undefined) return html`<p>${words.keyWanted}</p>`
  if (keyed.code === 'unauthorized') return html`<p>${words.keyRefused}</p>`
  // The key may be right: too many were tried, say, or nobody answered.
  return explained(words, keyed)
}
