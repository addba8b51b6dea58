import { type TemplateResult, html, nothing } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import { type Stretch, stretches } from '../days.ts'
import { searched, shown } from '../shelf.ts'
import type { State } from '../state.ts'
import { type Words, languageNames } from '../words/words.ts'
import type { Emit } from './emit.ts'
import { type Context, entry } from './entry.ts'
import { icons } from './icons.ts'
import { searchField } from './search.ts'

/** The conversations, newest first; files that are dropped on them come in. */
export function sidebar(state: State, words: Words, emit: Emit): TemplateResult {
  const { panel, dropping } = state
  return html`
    <nav
      id="list"
      class="sidebar ${panel === 'list' ? 'shown' : ''} ${dropping ? 'dropping' : ''}"
      aria-label=${words.chats}
      @dragover=${(event: DragEvent) => over(event, state, emit)}
      @dragleave=${(event: DragEvent) => left(event, emit)}
      @drop=${(event: DragEvent) => dropped(event, emit)}
    >
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
      ${searchField(state, words, emit)}
      <div class="chats">${list({ state, words, emit })}</div>
      ${foot(state, words, emit)}
      ${dropping ? html`<p class="drop">${icons.open}${words.drop}</p>` : nothing}
    </nav>
  `
}

function list(context: Context): TemplateResult {
  const { state, words, emit } = context
  const conversations = shown(state)
  const search = searched(state)
  const more = search ? search.doing === 'paused' : state.more !== undefined
  return html`
    ${repeat(
      stretches(conversations, state.listedAt),
      ({ name }) => String(name),
      (stretch, i) => group(stretch, i, context),
    )}
    <div class="hint" role="status">${hint(conversations.length, context)}</div>
    ${
      search?.doing === 'failed'
        ? html`<button class="more" @click=${() => emit({ type: 'more' })}>${words.retry}</button>`
        : nothing
    }
    ${more ? html`<button class="more" @click=${() => emit({ type: 'more' })}>${words.more}</button>` : nothing}
  `
}

/** What there is to say of the list as a whole. */
function hint(count: number, { state, words }: Context): string {
  const search = searched(state)
  if (search === undefined) return count === 0 && state.listedAt > 0 ? words.noChats : ''
  if (search.doing === 'searching') return words.searching
  if (search.doing === 'failed') return words.searchFailed
  return count === 0 ? words.notFound : words.found(count, search.doing === 'paused' ? '+' : '')
}

function group({ name, conversations }: Stretch, i: number, context: Context): TemplateResult {
  return html`
    <p class="days" id="days-${i}">${nameOf(name, context)}</p>
    <ul aria-labelledby="days-${i}">
      ${repeat(
        conversations,
        ({ id }) => id,
        conversation => entry(conversation, context),
      )}
    </ul>
  `
}

const nameOf = (name: Stretch['name'], { state, words }: Context): string =>
  typeof name === 'string'
    ? words.days[name]
    : name.toLocaleDateString(state.choices.language, { month: 'long', year: 'numeric' })

function foot({ choices }: State, words: Words, emit: Emit): TemplateResult {
  // In the words of those who look for it.
  const language = choices.language === 'en' ? 'zh' : 'en'
  const onFiles = ({ currentTarget }: Event): void => {
    const field = currentTarget as HTMLInputElement
    emit({ type: 'import', files: [...(field.files ?? [])] })
    // So that the same file can be chosen again.
    field.value = ''
  }
  return html`
    <div class="sidebar-foot">
      <button
        class="plain"
        lang=${language}
        @click=${() => emit({ type: 'choose', choices: { language } })}
      >
        ${languageNames[language]}
      </button>
      <label class="plain import" title=${words.importHint}>
        <input type="file" accept=".json,application/json" multiple @change=${onFiles} />
        ${icons.open}<span>${words.import}</span>
      </label>
      <a class="plain import only-small" href="#race" title=${words.raceHint}>
        ${icons.flag}<span>${words.race}</span>
      </a>
    </div>
  `
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes('Files') ?? false

function over(event: DragEvent, { dropping }: State, emit: Emit): void {
  if (!hasFiles(event)) return
  event.preventDefault()
  if (!dropping) emit({ type: 'dropping', over: true })
}

function left({ currentTarget, relatedTarget }: DragEvent, emit: Emit): void {
  if (!(currentTarget as Node).contains(relatedTarget as Node | null)) {
    emit({ type: 'dropping', over: false })
  }
}

function dropped(event: DragEvent, emit: Emit): void {
  if (!hasFiles(event)) return
  event.preventDefault()
  emit({ type: 'import', files: [...(event.dataTransfer?.files ?? [])] })
}
