import { render } from 'lit-html'
import { copyText } from '../clipboard.ts'
import { fileName, languageOf } from '../code/languages.ts'
import { type Lines, createLines } from '../code/lines.ts'
import { download } from '../download.ts'
import { unify } from '../markdown/lines.ts'
import { work } from '../work.ts'
import type { Words } from '../words/words.ts'
import { type Copied, codeHead } from './code-head.ts'

/** The `<chat-prose>` around it, as far as it is asked. */
interface Prose extends HTMLElement {
  readonly labels: Words['code'] | undefined
}

/** So long a button says that it has done what it does. */
const SAID_MS = 2000

/**
 * `<chat-code info="ts" closed>`: the text inside as a block of code, once it stands in the page; it
 * is highlighted when it is closed. Text is added at its end only.
 */
class Code extends HTMLElement {
  static readonly observedAttributes = ['closed']
  readonly #head = document.createElement('header')
  readonly #code = document.createElement('code')
  #lines: Lines | undefined
  // As the model wrote it.
  #source = ''
  #copied: Copied = 'no'
  // What the source was when it was painted, or was sent to be.
  #painted = ''

  connectedCallback(): void {
    if (this.#lines) return
    const source = this.textContent ?? ''
    const frame = document.createElement('pre')
    // Scrolls sideways, so it must be reachable by keyboard.
    frame.tabIndex = 0
    frame.append(this.#code)
    this.role = 'group'
    this.replaceChildren(this.#head, frame)
    this.#lines = createLines(this.#code)
    this.add(source)
    this.label()
    void this.#paint()
  }

  attributeChangedCallback(): void {
    void this.#paint()
  }

  get source(): string {
    return this.#lines ? this.#source : (this.textContent ?? '')
  }

  add(text: string): void {
    if (!this.#lines) return this.append(text)
    this.#source += text
    if (this.#painted !== '') return this.#begin(unify(this.#source))
    this.#lines.add(unify(text))
  }

  /** Become what `wanted` would have been, keeping what is selected and scrolled. */
  absorb(wanted: Node): boolean {
    if (!(wanted instanceof Code)) return false
    const { source } = wanted
    const same = wanted.getAttribute('info') === this.getAttribute('info')
    if (!same || !source.startsWith(this.source)) return false
    const more = source.slice(this.source.length)
    if (more !== '') this.add(more)
    this.toggleAttribute('closed', wanted.hasAttribute('closed'))
    return true
  }

  /** The names of the buttons, in the language of the prose that it stands in. */
  label(): void {
    const words = this.closest<Prose>('chat-prose')?.labels
    if (words && this.#lines) this.#drawHead(words)
  }

  #drawHead(words: Words['code']): void {
    const { name } = languageOf(this.#info)
    this.ariaLabel = words.block(name)
    render(
      codeHead(words, { name, copied: this.#copied, copy: this.#copy, save: this.#save }),
      this.#head,
    )
  }

  get #info(): string {
    return this.getAttribute('info') ?? ''
  }

  /** Without the end of its last line: in a terminal that would be the Enter. */
  readonly #copy = async (): Promise<void> => {
    this.#copied = await copyText(this.#source.replace(/\r?\n$/, '')).then(
      () => 'yes',
      () => 'refused',
    )
    this.label()
    setTimeout(() => {
      this.#copied = 'no'
      this.label()
    }, SAID_MS)
  }

  readonly #save = (): void =>
    download(fileName(this.#info), 'text/plain;charset=utf-8', this.#source)

  #begin(text: string): void {
    this.#code.replaceChildren()
    this.#painted = ''
    this.#lines = createLines(this.#code)
    this.#lines.add(text)
  }

  async #paint(): Promise<void> {
    const { grammar } = languageOf(this.#info)
    const lines = this.#lines
    const source = this.#source
    if (!lines || !grammar || !this.hasAttribute('closed') || source === this.#painted) return
    this.#painted = source
    const { paint } = await import('../code/paint.ts')
    const wanted = (): boolean => lines === this.#lines
    await paint(lines.chunks, unify(source), { grammar, wanted, work })
  }
}

/** The code in this element has other words now. */
export function relabel(prose: Element): void {
  for (const code of prose.querySelectorAll<Code>('chat-code')) code.label()
}

export const defineCode = (): void => customElements.define('chat-code', Code)
