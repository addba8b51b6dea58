import { type TemplateResult, html, nothing } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import type { Conversation, State } from '../state.ts'
import { type Words, languageNames } from '../words/words.ts'
import { type Emit, onEnter, onEscape, textOf } from './emit.ts'
import { icons } from './icons.ts'

/** The conversations, newest first. */
export function sidebar(state: State, words: Words, emit: Emit): TemplateResult {
  const { conversations, more, panel } = state
  return html`
    <nav id="list" class="sidebar ${panel === 'list' ? 'shown' : ''}" aria-label=${words.chats}>
      <div class="sidebar-head">
        <a class="new" href="#" @click=${() => emit({ type: 'open', id: undefined })}>
          ${icons.plus}<span>${words.newChat}</span>
        </a>
        <button
          class="quiet only-narrow close"
          aria-label=${words.close}
          @click=${() => emit({ type: 'panel', panel: 'none' })}
        >
          ${icons.close}
        </button>
      </div>
      <ul class="chats">
        ${repeat(
          conversations,
          ({ id }) => id,
          conversation => entry(conversation, { state, words, emit }),
        )}
      </ul>
      ${conversations.length === 0 ? html`<p class="hint">${words.noChats}</p>` : nothing}
      ${
        more === undefined
          ? nothing
          : html`<button class="more" @click=${() => emit({ type: 'more' })}>${words.more}</button>`
      }
      ${otherLanguage(state, emit)}
    </nav>
  `
}

/** In the words of those who look for it. */
function otherLanguage({ choices }: State, emit: Emit): TemplateResult {
  const language = choices.language === 'en' ? 'zh' : 'en'
  return html`
    <div class="sidebar-foot">
      <button
        class="plain"
        lang=${language}
        @click=${() => emit({ type: 'choose', choices: { language } })}
      >
        ${languageNames[language]}
      </button>
    </div>
  `
}

interface Context {
  readonly state: State
  readonly words: Words
  readonly emit: Emit
}

function entry(conversation: Conversation, context: Context): TemplateResult {
  const { state } = context
  const { id } = conversation
  return html`
    <li class="chat ${id === state.open ? 'open' : ''}">
      ${
        state.renaming?.id === id
          ? renaming(state.renaming.text, context)
          : state.removing === id
            ? removing(id, context)
            : named(conversation, context)
      }
    </li>
  `
}

function named({ id, title }: Conversation, { state, words, emit }: Context): TemplateResult {
  return html`
    <a
      href="#${id}"
      @click=${() => emit({ type: 'panel', panel: 'none' })}
      aria-current=${id === state.open ? 'page' : 'false'}
      title=${title}
    >
      ${title || words.untitled}
    </a>
    <span class="tools">
      <button
        class="quiet"
        aria-label=${words.rename}
        title=${words.rename}
        @click=${() => emit({ type: 'rename', edit: { id, text: title } })}
      >
        ${icons.pen}
      </button>
      <button
        class="quiet"
        aria-label=${words.delete}
        title=${words.delete}
        @click=${() => emit({ type: 'remove', id })}
      >
        ${icons.bin}
      </button>
    </span>
  `
}

function renaming(text: string, { state, words, emit }: Context): TemplateResult {
  const id = state.renaming?.id ?? ''
  const save = (): void => emit({ type: 'retitle' })
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
        onEscape(() => emit({ type: 'rename', edit: undefined }))(event)
      }}
    />
    <button class="quiet" aria-label=${words.save} @click=${save}>${icons.check}</button>
  `
}

function removing(id: string, { words, emit }: Context): TemplateResult {
  return html`
    <span class="sure" role="alert">${words.deleteSure}</span>
    <button class="danger" @click=${() => emit({ type: 'delete', id })}>${words.delete}</button>
    <button class="plain" @click=${() => emit({ type: 'remove', id: undefined })}>
      ${words.cancel}
    </button>
  `
}
