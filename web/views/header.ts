import { type TemplateResult, html, nothing } from 'lit-html'
import { folding } from '../keys.ts'
import type { State } from '../state.ts'
import type { Words } from '../words/words.ts'
import type { Emit } from './emit.ts'
import { icons } from './icons.ts'
import { transports } from './settings.ts'
import { indicator, plug } from './wire.ts'

/** What is above the conversation: its name, and what carries it. A race has its own carriers. */
export function header(state: State, words: Words, emit: Emit): TemplateResult {
  const racing = state.place === 'race'
  return html`
    <header class="top">
      ${lists(state, words, emit)}
      <h1 class="title">${titleOf(state, words)}</h1>
      ${racing ? back(state, words) : toRace(words)}
      <button
        class="quiet only-wide"
        aria-label=${words.shortcuts}
        title=${words.shortcuts}
        aria-haspopup="dialog"
        @click=${() => emit({ type: 'panel', panel: 'keys' })}
      >
        ${icons.keyboard}
      </button>
      ${racing ? nothing : carriers(state, words, emit)}
    </header>
  `
}

function titleOf({ place, open, conversations }: State, words: Words): string {
  if (place === 'race') return words.race
  const title = conversations.find(({ id }) => id === open)?.title
  // A heading is never empty: the title may not have come yet.
  return open === undefined ? words.newChat : title || words.transcript
}

const carriers = (state: State, words: Words, emit: Emit): TemplateResult => html`
  ${indicator(state, words)} ${plug(state, words, emit)}
  ${transports(state.choices.transport, words, emit)}
`

const toRace = (words: Words): TemplateResult => html`
  <a class="aside" href="#race" title=${words.raceHint}>${icons.flag}<span>${words.race}</span></a>
`

const back = ({ open }: State, words: Words): TemplateResult => html`
  <a class="aside" href="#${open ?? ''}">${icons.left}<span>${words.toChat}</span></a>
`

/** The way to the conversations: over the page where it is narrow, beside it where it is wide. */
function lists(state: State, words: Words, emit: Emit): TemplateResult {
  const folded = state.choices.folded === true
  const button = (room: 'narrow' | 'wide', open: boolean): TemplateResult => html`
    <button
      class="quiet only-${room}"
      aria-label=${words.chats}
      title=${words.chats}
      aria-controls="list"
      aria-expanded=${open}
      @click=${() => emit(folding(state, room))}
    >
      ${icons.menu}
    </button>
  `
  const create = html`
    <button
      class="quiet only-wide"
      aria-label=${words.newChat}
      title=${words.newChat}
      @click=${() => emit({ type: 'open', id: undefined })}
    >
      ${icons.plus}
    </button>
  `
  return html`
    ${button('narrow', state.panel === 'list')} ${button('wide', !folded)}
    ${folded ? create : nothing}
  `
}
