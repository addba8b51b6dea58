import { type TemplateResult, html, nothing } from 'lit-html'
import { doingOf } from '../live.ts'
import type { State } from '../state.ts'
import { type Words, words as all } from '../words/words.ts'
import { composer } from './composer.ts'
import { explained } from './explained.ts'
import type { Emit } from './emit.ts'
import { icons } from './icons.ts'
import { keyForm } from './key.ts'
import { settings, transports } from './settings.ts'
import { sidebar } from './sidebar.ts'
import { transcript } from './transcript.ts'

/** The whole page. */
export function page(state: State, emit: Emit): TemplateResult {
  const words = all[state.choices.language]
  return html`
    ${sidebar(state, words, emit)}
    <main>
      ${header(state, words, emit)} ${notice(state, words, emit)}
      <div class="scroll" id="scroll">
        <div class="column">${transcript(state, words, emit)}</div>
      </div>
      <div class="column">${latest(state, words, emit)} ${composer(state, words, emit)}</div>
      <p class="unseen" role="status">${announcement(state, words)}</p>
    </main>
    ${settings(state, words, emit)}
    ${
      state.panel === 'none'
        ? nothing
        : html`<div class="veil" @click=${() => emit({ type: 'panel', panel: 'none' })}></div>`
    }
  `
}

function header(state: State, words: Words, emit: Emit): TemplateResult {
  const title = state.conversations.find(({ id }) => id === state.open)?.title
  return html`
    <header class="top">
      <button
        class="quiet only-narrow"
        aria-label=${words.chats}
        aria-controls="list"
        aria-expanded=${state.panel === 'list'}
        @click=${() => emit({ type: 'panel', panel: 'list' })}
      >
        ${icons.menu}
      </button>
      <h1 class="title">${state.open === undefined ? words.newChat : (title ?? '')}</h1>
      ${transports(state.choices.transport, words, emit)}
    </header>
  `
}

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
  if (state.notice.code === 'unauthorized') return keyForm(state, words, emit)
  return html`
    <div class="notice" role="alert">
      ${explained(words, state.notice)}
      <button class="quiet" aria-label=${words.close} @click=${() => emit({ type: 'dismiss' })}>
        ${icons.close}
      </button>
    </div>
  `
}

/** What a screen reader is told: that an answer began and ended, not its words as they come. */
function announcement({ live, turns, connection }: State, words: Words): string {
  if (live) {
    const name = doingOf(live, connection)
    return name === 'ended' ? words.answered : words[name]
  }
  return turns.length > 0 ? words.answered : ''
}
