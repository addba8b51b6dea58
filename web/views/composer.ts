import { type TemplateResult, html, nothing } from 'lit-html'
import { canAsk } from '../fields.ts'
import { live } from 'lit-html/directives/live.js'
import { busy, chosen, locked } from '../chat.ts'
import type { Shown } from '../settings.ts'
import type { State } from '../state.ts'
import type { Words } from '../words/words.ts'
import { applying } from './applying.ts'
import { type Emit, enterHint, onSend, textOf } from './emit.ts'
import { icons } from './icons.ts'
import { mistakeOf } from './mistake.ts'
import { isTooLong, tooLong } from './typed.ts'

/** Where questions are written, and the model that will answer them. */
export function composer(state: State, words: Words, emit: Emit): TemplateResult {
  const shut = locked(state)
  const send = (): void => {
    if (!shut) emit({ type: 'send' })
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    send()
  }
  return html`
    <form class="composer" @submit=${submit}>
      ${state.panel === 'settings' ? nothing : applying(state, words, emit)}
      ${Object.keys(state.mistakes).length > 0 ? unused(state, words, emit) : nothing}
      <div class="box">
        <textarea
          id="message"
          aria-label=${words.message}
          placeholder=${shut ? words.keyWanted : words.placeholder}
          ?readonly=${shut}
          rows="1"
          autofocus
          enterkeyhint=${enterHint('send')}
          aria-invalid=${isTooLong(state.draft)}
          aria-describedby="message-length"
          .value=${live(state.draft)}
          @input=${(event: Event) => emit({ type: 'draft', text: textOf(event) })}
          @keydown=${onSend(send)}
        ></textarea>
        ${tooLong('message-length', state.draft, words)}
        <div class="bar">
          ${picker(state, words, emit)}
          <button
            class="quiet"
            type="button"
            aria-label=${words.settings}
            title=${words.settings}
            aria-controls="settings"
            aria-expanded=${state.panel === 'settings'}
            @click=${() => emit({ type: 'panel', panel: 'settings' })}
          >
            ${icons.sliders}
          </button>
          <span class="gap"></span>
          ${busy(state) ? stopButton(state, words, emit) : sendButton(state, words)}
        </div>
      </div>
    </form>
  `
}

const sendButton = (state: State, words: Words): TemplateResult => html`
  <button
    class="round"
    type="submit"
    aria-label=${words.send}
    title=${words.send}
    ?disabled=${locked(state) || !canAsk(state.draft)}
  >
    ${icons.send}
  </button>
`

const stopButton = (state: State, words: Words, emit: Emit): TemplateResult => html`
  <button
    class="round stop"
    type="button"
    aria-label=${words.stop}
    title=${words.stop}
    ?disabled=${state.live?.stopping === true}
    @click=${() => emit({ type: 'stop' })}
  >
    ${icons.stop}
  </button>
`

function picker(state: State, words: Words, emit: Emit): TemplateResult {
  const model = chosen(state)
  return html`
    <select
      class="picker"
      aria-label=${words.model}
      ?disabled=${locked(state)}
      @change=${(event: Event) => emit({ type: 'choose', choices: { model: textOf(event) } })}
    >
      ${state.models.map(
        ({ id, label, ready, missing }) => html`
          <option value=${id} ?disabled=${!ready} .selected=${live(id === model)}>
            ${ready ? label : words.missing(label, missing ?? '')}
          </option>
        `,
      )}
    </select>
  `
}

/** What stands in the settings and is not used is said where it would be used. */
function unused(state: State, words: Words, emit: Emit): TemplateResult {
  const fields = Object.keys(state.mistakes) as Shown[]
  const show = (): void => emit({ type: 'panel', panel: 'settings' })
  return html`
    <div class="applying warns" role="status">
      <div>${fields.map(field => html`<p>${mistakeOf(field, words).unused}</p>`)}</div>
      <button class="plain" type="button" @click=${show}>${words.show}</button>
    </div>
  `
}
