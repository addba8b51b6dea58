import { type TemplateResult, html } from 'lit-html'
import { busy } from '../chat.ts'
import type { Turn } from '../state.ts'
import { onEnter, onEscape, textOf } from './emit.ts'
import { icons } from './icons.ts'
import { type Context, pager, tool } from './turn.ts'

/** What a person asked, as it was typed. */
export function question(turn: Turn, context: Context): TemplateResult {
  const { state, words, emit } = context
  const edited = state.editing?.id === turn.id && turn.id !== '' ? state.editing : undefined
  if (edited) return editing(turn.id, edited.text, context)
  const { id, content } = turn
  const edit = { act: () => emit({ type: 'edit', edit: { id, text: content } }) }
  return html`
    <article class="question" aria-label=${words.you}>
      <div class="bubble">${content}</div>
      <footer>
        ${pager(turn, context)}
        ${tool(words.edit, icons.pen, { ...edit, disabled: busy(state) || id === '' })}
      </footer>
    </article>
  `
}

function editing(id: string, text: string, { words, emit }: Context): TemplateResult {
  const cancel = (): void => emit({ type: 'edit', edit: undefined })
  const send = (): void => emit({ type: 'resend' })
  return html`
    <article class="question editing" aria-label=${words.edit}>
      <textarea
        aria-label=${words.edit}
        maxlength="100000"
        .value=${text}
        autofocus
        @input=${(event: Event) => emit({ type: 'edit', edit: { id, text: textOf(event) } })}
        @keydown=${(event: KeyboardEvent) => {
          onEnter(send)(event)
          onEscape(cancel)(event)
        }}
      ></textarea>
      <footer>
        <button class="plain" @click=${cancel}>${words.cancel}</button>
        <button class="primary" ?disabled=${text.trim() === ''} @click=${send}>
          ${words.send}
        </button>
      </footer>
    </article>
  `
}
