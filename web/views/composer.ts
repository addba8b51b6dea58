import { type TemplateResult, html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import { busy, chosen, differs } from '../chat.ts'
import type { State } from '../state.ts'
import type { Words } from '../words/words.ts'
import { type Emit, onEnter, textOf } from './emit.ts'
import { icons } from './icons.ts'

/** Where questions are written, and the model that will answer them. */
export function composer(state: State, words: Words, emit: Emit): TemplateResult {
  const send = (): void => emit({ type: 'send' })
  const submit = (event: Event): void => {
    event.preventDefault()
    send()
  }
  return html`
    <form class="composer" @submit=${submit}>
      ${differs(state) ? applying(words, emit) : nothing}
      <div class="box">
        <textarea
          id="message"
          aria-label=${words.message}
          placeholder=${words.placeholder}
          maxlength="100000"
          rows="1"
          autofocus
          enterkeyhint="send"
          .value=${live(state.draft)}
          @input=${(event: Event) => emit({ type: 'draft', text: textOf(event) })}
          @keydown=${onEnter(send)}
        ></textarea>
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
    ?disabled=${state.draft.trim() === ''}
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

const applying = (words: Words, emit: Emit): TemplateResult => html`
  <div class="applying" role="status">
    <span>${words.differs}</span>
    <button class="plain" type="button" @click=${() => emit({ type: 'apply', mode: 'continue' })}>
      ${words.continueWith}
    </button>
    <button class="plain" type="button" @click=${() => emit({ type: 'apply', mode: 'restart' })}>
      ${words.restartWith}
    </button>
  </div>
`
