import { type TemplateResult, html } from 'lit-html'
import { strokes } from '../keys.ts'
import type { State } from '../state.ts'
import { onlyTouch } from '../touch.ts'
import type { Words } from '../words/words.ts'
import type { Emit } from './emit.ts'
import { icons } from './icons.ts'

/** All that the keyboard can do. A dialog of the platform: it keeps the focus, and gives it back. */
export function sheet({ choices, panel }: State, words: Words, emit: Emit): TemplateResult {
  const off = choices.keysOff === true
  const close = (): void => emit({ type: 'panel', panel: 'none' })
  // Closed by the state, which would open it again if it did not know.
  const cancel = (event: Event): void => {
    event.preventDefault()
    close()
  }
  return html`
    <dialog
      id="keys"
      class="strokes"
      aria-labelledby="keys-title"
      closedby="any"
      @cancel=${cancel}
      @close=${() => panel === 'keys' && close()}
    >
      <header>
        <h2 id="keys-title">${words.shortcuts}</h2>
        <button class="quiet close" aria-label=${words.close} @click=${close}>
          ${icons.close}
        </button>
      </header>
      <div class="key-groups">
        <section>
          <h3>${words.keysAnywhere}</h3>
          ${list(anywhere(words))}
        </section>
        <section>
          <h3>${words.keysOutside}</h3>
          <p class="key-hint">${words.keysOutsideHint}</p>
          ${list(strokes.map(({ name, key }) => [[key], words.strokes[name]]))}
          <label class="check">
            <input
              type="checkbox"
              .checked=${!off}
              @change=${() => emit({ type: 'choose', choices: { keysOff: !off } })}
            />
            ${words.keysOn}
          </label>
        </section>
      </div>
    </dialog>
  `
}

type Line = readonly [keys: readonly string[], what: string]

const anywhere = ({ held }: Words): readonly Line[] => [
  [onlyTouch() ? [modifier(), 'Enter'] : ['Enter'], held.send],
  [onlyTouch() ? ['Enter'] : ['Shift', 'Enter'], held.line],
  [['Esc'], held.escape],
  [['Page Up'], held.up],
  [['Page Down'], held.down],
  [[modifier(), '/'], held.sheet],
]

const list = (lines: readonly Line[]): TemplateResult => html`
  <dl>
    ${lines.map(
      ([keys, what]) => html`
        <div>
          <dt>${keys.map(key => html`<kbd>${key}</kbd>`)}</dt>
          <dd>${what}</dd>
        </div>
      `,
    )}
  </dl>
`

const modifier = (): string => (/Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl')
