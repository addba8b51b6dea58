import { type TemplateResult, html, nothing } from 'lit-html'
import { busy } from '../chat.ts'
import { type Growing, whole } from '../growing.ts'
import { type End, type Live, doingOf } from '../live.ts'
import type { Turn } from '../state.ts'
import type { Shown } from '../transcript.ts'
import type { Words } from '../words/words.ts'
import { explained } from './explained.ts'
import { icons } from './icons.ts'
import { type Context, pager, tool } from './turn.ts'

/** What a model said, or is saying: the live text where there is one. */
export function answer({ turn, live }: Shown, context: Context): TemplateResult {
  const { words } = context
  const text = live?.text ?? turn.content
  const writing = live !== undefined && live.end === undefined
  const end = live?.end ?? turn.end
  const again = turn.id === '' ? undefined : turn.id
  return html`
    <article class="answer" aria-label=${words.assistant} aria-busy=${writing}>
      ${reasoning(live?.reasoning ?? turn.reasoning ?? '', text, words)}
      <chat-prose
        class="prose"
        .labels=${words.code}
        .text=${text}
        .finished=${!writing}
      ></chat-prose>
      ${writing ? status(live, context) : nothing} ${ended(end, { again, text }, context)}
      ${writing ? nothing : tools({ ...turn, content: whole(text) }, live?.model ?? turn.model, context)}
    </article>
  `
}

/** What can be done with an answer that has ended, and who gave it. */
function tools(turn: Turn, model: string | undefined, context: Context): TemplateResult {
  const { state, words, emit } = context
  const again = { act: () => emit({ type: 'regenerate', turn: turn.id }), disabled: busy(state) }
  return html`
    <footer>
      ${pager(turn, context)} ${turn.content === '' ? nothing : copying(turn, context)}
      ${turn.id === '' ? nothing : tool(words.regenerate, icons.again, again)}
      <span class="by">${nameOf(model, context)}</span>
    </footer>
  `
}

function copying({ id, content }: Turn, { state, words, emit }: Context): TemplateResult {
  const act = (): void => emit({ type: 'copy', turn: id, text: content })
  return state.copied === id
    ? tool(words.copied, icons.check, { act })
    : tool(words.copy, icons.copy, { act })
}

function reasoning(
  text: Growing | string,
  answer: Growing | string,
  words: Words,
): TemplateResult | typeof nothing {
  if (text.length === 0) return nothing
  return html`
    <details class="reasoning" ?open=${answer.length === 0}>
      <summary>${words.reasoning}</summary>
      <chat-prose class="prose" .labels=${words.code} .text=${text}></chat-prose>
    </details>
  `
}

/** What the answer is doing now: always the truth, and never nothing. */
function status(live: Live, { state, words }: Context): TemplateResult {
  const name = doingOf(live, state.connection)
  const text = name === 'ended' ? '' : words[name]
  return html`<p class="status ${name}"><span class="dot"></span>${text}</p>`
}

function ended(
  end: End | undefined,
  { again, text }: { readonly again: string | undefined; readonly text: Growing | string },
  { state, words, emit }: Context,
): TemplateResult | typeof nothing {
  if (end === undefined) return nothing
  if (end.type === 'done') {
    const reason = end.reason === 'stopped' ? (end.by ?? 'client') : end.reason
    const said = words.ends[reason === 'complete' && whole(text).trim() === '' ? 'empty' : reason]
    return said === '' ? nothing : html`<p class="end">${said}</p>`
  }
  const retry = (): void =>
    emit(again === undefined ? { type: 'retry' } : { type: 'regenerate', turn: again })
  return html`
    <div class="failure" role="alert">
      ${explained(words, end)}
      <button class="plain" ?disabled=${busy(state)} @click=${retry}>${words.retry}</button>
    </div>
  `
}

const nameOf = (id: string | undefined, { state }: Context): string =>
  state.models.find(model => model.id === id)?.label ?? id ?? ''
