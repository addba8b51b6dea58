import { type TemplateResult, html, nothing } from 'lit-html'
import { pieces } from '../marks.ts'
import type { Conversation, State } from '../state.ts'
import type { Words } from '../words/words.ts'
import { type Emit, onEnter, textOf } from './emit.ts'
import { icons } from './icons.ts'
import { type MenuItem, menu } from './menu.ts'

/** What every entry of the list needs. */
export interface Context {
  readonly state: State
  readonly words: Words
  readonly emit: Emit
}

/** A conversation in the list. */
export function entry(conversation: Conversation, context: Context): TemplateResult {
  const { state, emit } = context
  const { id } = conversation
  const shut = (event: FocusEvent): void => {
    const inside = (event.currentTarget as Node).contains(event.relatedTarget as Node | null)
    if (state.menu === id && !inside) emit({ type: 'menu', id: undefined })
  }
  return html`
    <li class="chat ${id === state.open ? 'open' : ''}" data-chat=${id} @focusout=${shut}>
      ${state.renaming?.id === id ? renaming(state.renaming.text, context) : named(conversation, context)}
    </li>
  `
}

function named(conversation: Conversation, { state, words, emit }: Context): TemplateResult {
  const { id, title, excerpt } = conversation
  const search = state.search?.text ?? ''
  const opened = state.menu === id
  return html`
    <a
      href="#${id}"
      @click=${() => emit({ type: 'panel', panel: 'none' })}
      aria-current=${id === state.open ? 'page' : 'false'}
      title=${title}
    >
      <span class="name">${marked(title || words.untitled, search)}</span>
      ${excerpt === undefined ? nothing : html`<span class="excerpt">${marked(excerpt, search)}</span>`}
    </a>
    <button
      class="quiet options"
      aria-label="${words.options}: ${title || words.untitled}"
      title=${words.options}
      aria-haspopup="menu"
      aria-expanded=${opened}
      aria-controls="menu"
      @click=${() => emit({ type: 'menu', id: opened ? undefined : id })}
    >
      ${icons.dots}
    </button>
    ${opened ? options(conversation, { state, words, emit }) : nothing}
  `
}

const marked = (text: string, search: string) =>
  pieces(text, search).map(piece => (piece.hit ? html`<mark>${piece.text}</mark>` : piece.text))

function options({ id, title }: Conversation, { words, emit }: Context): TemplateResult {
  const items: readonly MenuItem[] = [
    {
      name: words.rename,
      icon: icons.pen,
      act: () => emit({ type: 'rename', edit: { id, text: title } }),
    },
    {
      name: words.exportMarkdown,
      icon: icons.save,
      act: () => emit({ type: 'export', id, as: 'markdown' }),
    },
    {
      name: words.exportJson,
      icon: icons.save,
      act: () => emit({ type: 'export', id, as: 'json' }),
    },
    {
      name: words.delete,
      icon: icons.bin,
      act: () => emit({ type: 'delete', id }),
      grave: true,
    },
  ]
  const close = (): void => emit({ type: 'menu', id: undefined })
  return menu(items, { id: 'menu', label: words.options, close })
}

function renaming(text: string, { state, words, emit }: Context): TemplateResult {
  const id = state.renaming?.id ?? ''
  const save = (): void => emit({ type: 'retitle' })
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return
    event.preventDefault()
    event.stopPropagation()
    emit({ type: 'rename', edit: undefined })
  }
  return html`
    <input
      class="title-field"
      aria-label=${words.title}
      maxlength="200"
      .value=${text}
      autofocus
      @input=${(event: Event) => emit({ type: 'rename', edit: { id, text: textOf(event) } })}
      @keydown=${(event: KeyboardEvent) => {
        onEnter(save)(event)
        onEscape(event)
      }}
    />
    <button class="quiet" aria-label=${words.save} @click=${save}>${icons.check}</button>
  `
}
