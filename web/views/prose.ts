import { type Markdown, createMarkdown } from '../markdown/markdown.ts'
import { level } from './levels.ts'

/** `<chat-prose>`: a text in Markdown that may grow; drawn at most once a frame by whoever sets it. */
class Prose extends HTMLElement {
  #markdown: Markdown | undefined
  #text = ''
  #finished = false

  set text(text: string) {
    if (text === this.#text) return
    this.#text = text
    this.#finished = false
    this.#markdown ??= createMarkdown(this)
    this.#markdown.write(text)
  }

  /** Set after `text`. */
  set finished(finished: boolean) {
    if (!finished || this.#finished) return
    this.#finished = true
    this.#markdown?.finish()
    level(this)
  }
}

/** Make the element known; once, at the start of the page. */
export const defineProse = (): void => customElements.define('chat-prose', Prose)
