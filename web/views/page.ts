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
import { toast } from './toast.ts'
import { transcript } from './transcript.ts'

/** The whole page. */
export function page(state: State, emit: Emit): TemplateResult {
  const words = all[state.choices.language]
  const racing = state.place === 'race'
  return html`
    ${sidebar(state, words, emit)}
    <main>
      ${header(state, words, emit)} ${notice(state, words, emit)}
      <div class="scroll" id="scroll" ?hidden=${racing}>
        <div class="column">${transcript(state, words, emit)}</div>
      </div>
      <div class="column" ?hidden=${racing}>
        ${latest(state, words, emit)} ${composer(state, words, emit)}
      </div>
      ${racing ? race(state) : nothing}
      <p class="unseen" role="status">${announcement(state, words)}</p>
    </main>
    ${settings(state, words, emit)} ${toast(state, words, emit)}
    ${
      state.panel === 'none'
        ? nothing
        : html`<div class="veil" @click=${() => emit({ type: 'panel', panel: 'none' })}></div>`
    }
  `
}

/** Its module is loaded before the page goes there. */
const race = ({ choices, models }: State): TemplateResult => html`
  <chat-race class="scroll" .language=${choices.language} .models=${models}></chat-race>
`

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
      <h1 class="title">
        ${state.place === 'race' ? words.race : state.open === undefined ? words.newChat : (title ?? '')}
      </h1>
      ${state.place === 'race' ? back(state, words) : toRace(words)}
      ${state.place === 'race' ? nothing : transports(state.choices.transport, words, emit)}
    </header>
  `
}

const toRace = (words: Words): TemplateResult => html`
  <a class="aside" href="#race" title=${words.raceHint}>${icons.flag}<span>${words.race}</span></a>
`

const back = ({ open }: State, words: Words): TemplateResult => html`
  <a class="aside" href="#${open ?? ''}">${icons.left}<span>${words.toChat}</span></a>
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
function announcement({ live, turns, head, connection }: State, words: Words): string {
  const name = live ? doingOf(live, connection) : 'ended'
  if (name !== 'ended') return words[name]
  const end = live?.end ?? turns.find(({ id }) => id === head)?.end
  // That it was stopped or failed is read out where it is said.
  return end?.type === 'done' && end.reason === 'complete' ? words.answered : ''
}
