import { type TemplateResult, html, nothing } from 'lit-html'
import { busy } from '../chat.ts'
import type { State, Turn } from '../state.ts'
import { versions } from '../tree.ts'
import type { Words } from '../words/words.ts'
import type { Emit } from './emit.ts'
import { icons } from './icons.ts'

/** What every view of a turn needs. */
export interface Context {
  readonly state: State
  readonly words: Words
  readonly emit: Emit
}

/** Paging through the versions of a turn; nothing where there is only one. */
export function pager(
  turn: Turn,
  { state, words, emit }: Context,
): TemplateResult | typeof nothing {
  const all = turn.id === '' ? [] : versions(state.turns, turn)
  if (all.length < 2) return nothing
  const at = all.findIndex(({ id }) => id === turn.id)
  const go = (to: Turn | undefined) => () => to && emit({ type: 'version', turn: to.id })
  return html`
    <span class="pager">
      <button
        class="quiet"
        aria-label=${words.earlier}
        ?disabled=${at === 0 || busy(state)}
        @click=${go(all[at - 1])}
      >
        ${icons.left}
      </button>
      <span aria-label=${words.version(at + 1, all.length)}>${at + 1}/${all.length}</span>
      <button
        class="quiet"
        aria-label=${words.later}
        ?disabled=${at === all.length - 1 || busy(state)}
        @click=${go(all[at + 1])}
      >
        ${icons.right}
      </button>
    </span>
  `
}

/** A button that is an icon with a name. */
export const tool = (
  name: string,
  icon: TemplateResult,
  { act, disabled = false }: { act: () => void; disabled?: boolean },
): TemplateResult => html`
  <button class="quiet" aria-label=${name} title=${name} ?disabled=${disabled} @click=${act}>
    ${icon}
  </button>
`

/** Copies a message, and says so once it is done. */
export function copying({ id, content }: Turn, { state, words, emit }: Context): TemplateResult {
  const act = (): void => emit({ type: 'copy', turn: id, text: content })
  return state.copied === id
    ? tool(words.copied, icons.check, { act })
    : tool(words.copy, icons.copy, { act })
}

/** Whether a fold is open, unless a person wants it otherwise; `act` is for clicks on its summary. */
export function fold(
  key: string,
  unasked: boolean,
  { state, emit }: Context,
): { open: boolean; act: (event: Event) => void } {
  const open = state.folds[key] ?? unasked
  const act = (event: Event): void => {
    // The page's state says it, not the element.
    event.preventDefault()
    emit({ type: 'fold', key, open: !open })
  }
  return { open, act }
}
