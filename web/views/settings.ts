import { type TemplateResult, html } from 'lit-html'
import type { Transport } from '../link/link.ts'
import type { Params } from '../live.ts'
import type { State } from '../state.ts'
import { type Language, type Words, languageNames } from '../words/words.ts'
import { type Emit, textOf } from './emit.ts'
import { icons } from './icons.ts'

/** Parameters, transport and language. */
export function settings(state: State, words: Words, emit: Emit): TemplateResult {
  const { choices, panel } = state
  const close = (): void => emit({ type: 'panel', panel: 'none' })
  const field = fields(choices.params, words, emit)
  return html`
    <aside
      id="settings"
      class="settings ${panel === 'settings' ? 'shown' : ''}"
      aria-label=${words.settings}
      ?inert=${panel !== 'settings'}
    >
      <header>
        <h2>${words.settings}</h2>
        <button class="quiet close" aria-label=${words.close} @click=${close}>
          ${icons.close}
        </button>
      </header>
      <label>${words.language} ${languages(choices.language, emit)}</label>
      <div class="pair">
        ${field('temperature', words.temperature, { max: 2, step: 0.1 })}
        ${field('top_p', words.topP, { max: 1, step: 0.05 })}
      </div>
      ${field('max_tokens', words.maxTokens, { min: 1, max: 1_000_000, step: 1 })}
      <label>
        ${words.system}
        <textarea
          rows="4"
          maxlength="100000"
          placeholder=${words.systemHint}
          .value=${choices.params.system ?? ''}
          @change=${(event: Event) =>
            emit({ type: 'tune', params: { system: textOf(event) || undefined } })}
        ></textarea>
      </label>
      <button class="plain" @click=${() => emit({ type: 'choose', choices: { params: {} } })}>
        ${words.reset}
      </button>
    </aside>
  `
}

interface Range {
  readonly min?: number
  readonly max: number
  readonly step: number
}

const fields =
  (params: Params, words: Words, emit: Emit) =>
  (name: 'temperature' | 'top_p' | 'max_tokens', label: string, range: Range): TemplateResult => {
    const { min = 0, max, step } = range
    const onChange = (event: Event): void => {
      const input = event.currentTarget as HTMLInputElement
      const value = Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber
      if (input.validity.valid) emit({ type: 'tune', params: { [name]: value } })
      else input.reportValidity()
    }
    return html`
      <label>
        ${label}
        <input
          type="number"
          inputmode="decimal"
          min=${min}
          max=${max}
          step=${step}
          placeholder=${words.byDefault}
          title=${words.range(min, max)}
          .value=${String(params[name] ?? '')}
          @change=${onChange}
        />
      </label>
    `
  }

const languages = (now: Language, emit: Emit): TemplateResult => html`
  <select
    @change=${(event: Event) =>
      emit({ type: 'choose', choices: { language: textOf(event) as Language } })}
  >
    <option value="en" lang="en" .selected=${now === 'en'}>${languageNames.en}</option>
    <option value="zh" lang="zh" .selected=${now === 'zh'}>${languageNames.zh}</option>
  </select>
`

const names: Readonly<Record<Transport, string>> = { sse: 'SSE', websocket: 'WebSocket' }

/** Which transport carries the events; may be switched in the middle of an answer. */
export const transports = (now: Transport, words: Words, emit: Emit): TemplateResult => html`
  <fieldset class="segments">
    <legend class="unseen">${words.transport}</legend>
    ${(['sse', 'websocket'] as const).map(
      transport => html`
        <label>
          <input
            type="radio"
            name="transport"
            .checked=${transport === now}
            @change=${() => emit({ type: 'choose', choices: { transport } })}
          />
          <span>${names[transport]}</span>
        </label>
      `,
    )}
  </fieldset>
`
