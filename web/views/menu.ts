import { type TemplateResult, html } from 'lit-html'

export interface MenuItem {
  readonly name: string
  readonly icon: TemplateResult
  readonly act: () => void
  readonly grave?: boolean
}

/** A menu that opens below its button, which takes the focus back when it is closed by a key. */
export function menu(
  items: readonly MenuItem[],
  { id, label, close }: { id: string; label: string; close: () => void },
): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      // It closes the menu and nothing else.
      event.preventDefault()
      event.stopPropagation()
      close()
    } else move(event)
  }
  return html`
    <div class="menu" role="menu" id=${id} aria-label=${label} @keydown=${onKey}>
      ${items.map(
        ({ name, icon, act, grave }) => html`
          <button
            class=${grave ? 'grave' : ''}
            role="menuitem"
            tabindex="-1"
            @click=${act}
            @pointermove=${point}
          >
            ${icon}<span>${name}</span>
          </button>
        `,
      )}
    </div>
  `
}

/** Pointer and keys choose the same one. */
const point = ({ currentTarget }: Event): void => (currentTarget as HTMLElement).focus()

/** The arrows go round, Home and End to the ends. */
function move(event: KeyboardEvent): void {
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  items.at(to % items.length)?.focus()
}
