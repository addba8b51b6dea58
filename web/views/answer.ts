import { type TemplateResult, html, nothing } from 'lit-html'
import { busy } from '../chat.ts'
import type { Shown } from '../transcript.ts'
import { ended } from './ended.ts'
import { figures } from './figures.ts'
import { icons } from './icons.ts'
import { parts } from './parts.ts'
import { reasoning } from './reasoning.ts'
import { status } from './status.ts'
import { type Context, copying, pager, tool } from './turn.ts'

/** What a model said, or is saying: the live text where there is one. */
export function answer(shown: Shown, context: Context): TemplateResult {
  const { turn, live } = shown
  const { words } = context
  const text = live?.text ?? turn.content
  const changes = live?.changes ?? turn.changes ?? []
  const writing = live !== undefined && live.end === undefined
  return html`
    <article class="answer" aria-label=${words.assistant} aria-busy=${writing}>
      <h2 class="unseen">${words.assistant}</h2>
      ${reasoning(shown, context)} ${parts(text, { changes, writing }, context)}
      ${writing ? status(live, context) : html`${ended(shown, context)} ${tools(shown, context)}`}
    </article>
  `
}

/** What can be done with an answer that has ended, and what is known of it. */
function tools(shown: Shown, context: Context): TemplateResult {
  const { turn, live } = shown
  const { state, words, emit } = context
  const again = { act: () => emit({ type: 'regenerate', turn: turn.id }), disabled: busy(state) }
  const said = { ...turn, content: live?.text ?? turn.content }
  return html`
    <footer class="tools-row">
      ${pager(turn, context)} ${said.content === '' ? nothing : copying(said, context)}
      ${turn.id === '' ? nothing : tool(words.regenerate, icons.again, again)}
      ${figures(shown, context)}
    </footer>
  `
}
