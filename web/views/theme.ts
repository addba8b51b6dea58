import { type TemplateResult, html } from 'lit-html'
import type { Choices } from '../state.ts'
import type { Words } from '../words/words.ts'
import { type Emit, textOf } from './emit.ts'

const themes = ['system', 'light', 'dark'] as const

/** Light, dark, or as the system is. */
export const themePicker = ({ theme }: Choices, words: Words, emit: Emit): TemplateResult => html`
  <label>
    ${words.theme}
    <select
      @change=${(event: Event) => {
        const chosen = themes.find(name => name === textOf(event))
        emit({ type: 'choose', choices: { theme: chosen === 'system' ? undefined : chosen } })
      }}
    >
      ${themes.map(
        name => html`
          <option value=${name} .selected=${name === (theme ?? 'system')}>
            ${words.themes[name]}
          </option>
        `,
      )}
    </select>
  </label>
`
