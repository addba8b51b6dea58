import { type TemplateResult, html, nothing } from 'lit-html'
import { MAX_TEXT, type Numeric, ranges, valueOf } from '../fields.ts'
import type { Transport } from '../link/link.ts'
import { type Shown, settingsOf } from '../settings.ts'
import type { State } from '../state.ts'
import { type Language, type Words, languageNames } from '../words/words.ts'
import { applying } from './applying.ts'
import { type Emit, textOf } from './emit.ts'
import { icons } from './icons.ts'
import { demandOf, labelOf, mistakeOf } from './mistake.ts'
import { themePicker } from './theme.ts'

/** Parameters, transport and language. */
export function settings(state: State, words: Words, emit: Emit): TemplateResult {
  const { choices, panel } = state
  const close = (): void => emit({ type: 'panel', panel: 'none' })
  const context = { state, words, emit }
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
      ${themePicker(choices, words, emit)}
      <div class="pair">${number('temperature', context)} ${number('top_p', context)}</div>
      ${number('max_tokens', context)} ${system(context)}
      <button class="plain" @click=${() => emit({ type: 'reset' })}>${words.reset}</button>
      ${state.signed ? leave(words, emit) : nothing}
      <a class="library" href="./client.html">${words.clientPage}</a>
      ${panel === 'settings' ? applying(state, words, emit) : nothing}
    </aside>
  `
}

const leave = (words: Words, emit: Emit): TemplateResult => html`
  <button class="plain" @click=${() => emit({ type: 'leave' })}>${words.signOut}</button>
`

interface Context {
  readonly state: State
  readonly words: Words
  readonly emit: Emit
}

function number(name: Numeric, context: Context): TemplateResult {
  const { state, words, emit } = context
  const { min, max, step } = ranges[name]
  const onChange = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement
    const value = input.validity.badInput ? Number.NaN : valueOf(name, input.value)
    if (!Number.isNaN(value)) emit({ type: 'tune', params: { [name]: value } })
    else if (event.type === 'change') emit({ type: 'mistake', field: name, text: input.value })
  }
  return field(
    name,
    context,
    html`
      <input
        type="number"
        inputmode=${name === 'max_tokens' ? 'numeric' : 'decimal'}
        min=${min}
        max=${max}
        step=${step}
        placeholder=${words.byDefault}
        title=${demandOf(name, words)}
        aria-invalid=${name in state.mistakes}
        aria-describedby="why-${name}"
        .value=${state.mistakes[name] ?? String(settingsOf(state).params[name] ?? '')}
        @input=${name in state.mistakes ? onChange : nothing}
        @change=${onChange}
      />
    `,
  )
}

function system(context: Context): TemplateResult {
  const { state, words, emit } = context
  const onChange = (event: Event): void => {
    const text = textOf(event)
    if (text.length <= MAX_TEXT) emit({ type: 'tune', params: { system: text || undefined } })
    else if (event.type === 'change') emit({ type: 'mistake', field: 'system', text })
  }
  return field(
    'system',
    context,
    html`
      <textarea
        rows="4"
        placeholder=${words.systemHint}
        aria-invalid=${'system' in state.mistakes}
        aria-describedby="why-system"
        .value=${state.mistakes['system'] ?? settingsOf(state).params.system ?? ''}
        @input=${'system' in state.mistakes ? onChange : nothing}
        @change=${onChange}
      ></textarea>
    `,
  )
}

/**
 * A field with its name, and with what is wrong with what stands in it. A mistake is said when the
 * field is left, and no longer once it is mended: if that waited too, what is pressed next would move
 * away from under the pointer.
 */
const field = (
  name: Shown,
  { state, words }: Context,
  input: TemplateResult,
): TemplateResult => html`
  <div>
    <label>${labelOf(name, words)} ${input}</label>
    ${
      name in state.mistakes
        ? html`<p class="mistake" role="alert" id="why-${name}">${mistakeOf(name, words).why}</p>`
        : nothing
    }
  </div>
`

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
            aria-label=${names[transport]}
            .checked=${transport === now}
            @change=${() => emit({ type: 'choose', choices: { transport } })}
          />
          <span class=${transport}>${names[transport]}</span>
        </label>
      `,
    )}
  </fieldset>
`
