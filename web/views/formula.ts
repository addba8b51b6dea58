import { copyFormulas } from '../formula/copy.ts'
import type * as tex from '../formula/tex.ts'
import { work } from '../work.ts'

/** What a formula costs, in characters of Markdown: some milliseconds for a long one. */
const COST = 250
const COST_OF_LETTER = 10

type Tex = typeof tex
// Asked for by the first formula; it brings its styles and fonts along.
let loading: Promise<Tex> | undefined
let loaded: Tex | undefined

/**
 * `<chat-formula display>`: TeX, with its dollars, as a formula once it stands in the page. Until
 * then, and where it is none that KaTeX can read, its source is shown.
 */
class Formula extends HTMLElement {
  #source: string | undefined

  connectedCallback(): void {
    if (this.#source !== undefined) return
    this.#source = this.textContent ?? ''
    void this.#load()
  }

  /** Both show the same, or this one is of no use. */
  absorb(wanted: Node): boolean {
    if (!(wanted instanceof Formula)) return false
    const same = wanted.hasAttribute('display') === this.hasAttribute('display')
    return same && wanted.textContent === (this.#source ?? this.textContent)
  }

  async #load(): Promise<void> {
    const source = this.#source ?? ''
    const draw = (tex: Tex): void =>
      work(COST + source.length * COST_OF_LETTER, () => this.#draw(tex, source))
    if (loaded) return draw(loaded)
    loading ??= import('../formula/tex.ts')
    loaded = await loading
    draw(loaded)
  }

  #draw(tex: Tex, source: string): void {
    if (!this.isConnected) return
    const display = this.hasAttribute('display')
    const drawn = tex.formula(source, display)
    const failed = drawn.nodeName === 'CODE'
    if (display) this.tabIndex = 0
    this.classList.toggle('failed', failed)
    // What is copied instead of the drawing.
    if (!failed) this.setAttribute('source', source)
    this.replaceChildren(drawn)
  }
}

/** Make the element known, and copy it as what it was written as; once. */
export function defineFormula(): void {
  customElements.define('chat-formula', Formula)
  document.addEventListener('copy', copyFormulas)
}
