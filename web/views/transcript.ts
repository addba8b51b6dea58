import { type TemplateResult, html } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import { locked } from '../chat.ts'
import type { State } from '../state.ts'
import { transcript as shownOf } from '../transcript.ts'
import type { Words } from '../words/words.ts'
import { answer } from './answer.ts'
import type { Emit } from './emit.ts'
import { question } from './question.ts'

/** The branch of the conversation that is shown, or the page before its first question. */
export function transcript(state: State, words: Words, emit: Emit): TemplateResult {
  const lines = shownOf(state)
  if (state.loading && !state.live) return html`<p class="hint center">${words.loading}</p>`
  if (lines.length === 0) return welcome(state, words, emit)
  return html`
    <div class="turns" role="log" aria-live="off" aria-label=${words.transcript}>
      ${repeat(
        lines,
        ({ key }) => key,
        line =>
          line.turn.role === 'user'
            ? question(line.turn, { state, words, emit })
            : answer(line, { state, words, emit }),
      )}
    </div>
  `
}

function welcome(state: State, words: Words, emit: Emit): TemplateResult {
  const ask = (text: string) => () => {
    emit({ type: 'draft', text })
    emit({ type: 'send' })
  }
  return html`
    <div class="welcome">
      <h2>${words.welcome}</h2>
      <p>${words.welcomeMore}</p>
      <div class="suggestions">
        ${words.suggestions.map(text => html`<button ?disabled=${locked(state)} @click=${ask(text)}>${text}</button>`)}
      </div>
    </div>
  `
}
