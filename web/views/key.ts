import { type TemplateResult, html } from 'lit-html'
import type { State } from '../state.ts'
import type { Words } from '../words/words.ts'
import type { Emit } from './emit.ts'

/** Asks for the API key that the server wants, and says so if the one it got is wrong. */
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
        <p>${keyed ? words.keyRefused : words.keyWanted}</p>
        <p class="hint" id="key-hint">${words.keyHint}</p>
      </div>
      <input
        type="password"
        name="key"
        aria-label=${words.keyLabel}
        aria-describedby="key-hint"
        aria-invalid=${keyed}
        placeholder=${words.keyLabel}
        autocomplete="current-password"
        pattern="[!-~]+"
        required
      />
      <button class="primary">${words.keySend}</button>
    </form>
  `
}
