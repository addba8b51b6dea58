import { type TemplateResult, html, nothing } from 'lit-html'
import { locked } from '../chat.ts'
import type { State } from '../state.ts'
import { type Words, words as all } from '../words/words.ts'
import { announcement } from './announce.ts'
import { composer } from './composer.ts'
import { explained } from './explained.ts'
import type { Emit } from './emit.ts'
import { header } from './header.ts'
import { icons } from './icons.ts'
import { keyForm } from './key.ts'
import { settings } from './settings.ts'
import { sheet } from './sheet.ts'
import { sidebar } from './sidebar.ts'
import { toast } from './toast.ts'
import { transcript } from './transcript.ts'

/** The whole page. What lies under an open panel cannot be reached until it is closed. */
export function page(state: State, emit: Emit): TemplateResult {
  const words = all[state.choices.language]
  const racing = state.place === 'race'
  const over = state.panel === 'list' || state.panel === 'settings'
  return html`
    <div class="shelf ${state.choices.folded ? 'folded' : ''}" ?inert=${state.panel === 'settings'}>
      ${sidebar(state, words, emit)}
    </div>
    <main ?inert=${over}>
      ${header(state, words, emit)} ${notice(state, words, emit)}
      <div
        class="scroll"
        id="scroll"
        tabindex="0"
        role="region"
        aria-label=${words.transcriptRegion}
        ?hidden=${racing}
        @blur=${(event: Event) => delete (event.currentTarget as HTMLElement).dataset['given']}
      >
        <div class="column">${transcript(state, words, emit)}</div>
      </div>
      <div class="column" ?hidden=${racing}>
        ${latest(state, words, emit)} ${composer(state, words, emit)}
      </div>
      ${racing ? race(state) : nothing}
    </main>
    ${settings(state, words, emit)} ${toast(state, words, emit)} ${sheet(state, words, emit)}
    <p class="unseen" role="status">${announcement(state, words)}</p>
    ${
      over
        ? html`<div class="veil" @click=${() => emit({ type: 'panel', panel: 'none' })}></div>`
        : nothing
    }
  `
}

/** Its module is loaded before the page goes there. */
const race = ({ choices, models }: State): TemplateResult => html`
  <chat-race class="scroll" .language=${choices.language} .models=${models}></chat-race>
`

const latest = ({ pinned }: State, words: Words, emit: Emit): TemplateResult => html`
  <button
    class="latest ${pinned ? '' : 'shown'}"
    ?inert=${pinned}
    @click=${() => emit({ type: 'pin', pinned: true })}
  >
    ${icons.down} ${words.latest}
  </button>
`

function notice(state: State, words: Words, emit: Emit): TemplateResult | typeof nothing {
  if (state.notice === undefined) return nothing
  if (locked(state)) return keyForm(state, words, emit)
  return html`
    <div class="notice" role="alert">
      ${explained(words, state.notice)}
      <button class="quiet" aria-label=${words.close} @click=${() => emit({ type: 'dismiss' })}>
        ${icons.close}
      </button>
    </div>
  `
}
