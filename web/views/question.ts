import { type TemplateResult, html, nothing } from 'lit-html'
import { busy } from '../chat.ts'
import { canAsk } from '../fields.ts'
import type { Edit, Turn } from '../state.ts'
import { tongueOf } from '../words/tongue.ts'
import { enterHint, onEscape, onSend, textOf } from './emit.ts'
import { icons } from './icons.ts'
import { type Context, copying, pager, tool } from './turn.ts'
import { isTooLong, tooLong } from './typed.ts'

/** A question of more characters scrolls in itself, so that its answer is not screens away. */
const LONG = 2000

/** What a person asked, as it was typed. */
export function question(turn: Turn, context: Context): TemplateResult {
  const { state, words, emit } = context
  const edited = state.editing?.id === turn.id && turn.id !== '' ? state.editing : undefined
  if (edited) return editing(edited, context)
  const { id, content } = turn
  const edit = { act: () => emit({ type: 'edit', edit: { id, text: content } }) }
  const lang = tongueOf(content, state.choices.language)
  const tab = content.length > LONG ? 0 : nothing
  return html`
    <article class="question" aria-label=${words.you}>
      <h2 class="unseen">${words.you}</h2>
      <div class="bubble" lang=${lang} tabindex=${tab}>${content}</div>
      <footer>
        ${id === '' ? nothing : copying(turn, context)}
        ${tool(words.edit, icons.pen, { ...edit, disabled: busy(state) || id === '' })}
        ${pager(turn, context)}
      </footer>
    </article>
  `
}

function editing(edit: Edit, { words, emit }: Context): TemplateResult {
  const { text } = edit
  const cancel = (): void => emit({ type: 'edit', edit: undefined })
  const send = (): void => emit({ type: 'resend' })
  return html`
    <article class="question editing" aria-label=${words.edit}>
      <textarea
        rows="1"
        aria-label=${words.edit}
        enterkeyhint=${enterHint('send')}
        aria-invalid=${isTooLong(text)}
        aria-describedby="edit-length"
        .value=${text}
        autofocus
        @input=${(event: Event) => emit({ type: 'edit', edit: { ...edit, text: textOf(event) } })}
        @keydown=${(event: KeyboardEvent) => {
          onSend(send)(event)
          onEscape(cancel)(event)
        }}
      ></textarea>
      ${tooLong('edit-length', text, words)}
      <footer>
        <button class="plain" @click=${cancel}>${words.cancel}</button>
        <button class="primary" ?disabled=${!canAsk(text)} @click=${send}>${words.send}</button>
      </footer>
    </article>
  `
}
