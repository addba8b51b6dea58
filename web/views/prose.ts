import { createPaced } from '../markdown/paced.ts'
import { work } from '../work.ts'
import type { Words } from '../words/words.ts'
import { defineCode, relabel } from './code.ts'
import { defineFormula } from './formula.ts'
import { level } from './levels.ts'

/**
 * `<chat-prose>`: a text in Markdown that may grow; drawn at most once a frame by whoever sets it.
 * A text that does not go on from the one before is drawn anew.
 */
export class Prose extends HTMLElement {
  readonly #paced = createPaced(this, { work, finished: () => level(this) })
  #text = ''
  #finished = false
  #labels: Words['code'] | undefined

  set text(text: string) {
    const before = this.#text
    if (text === before) return
    this.#text = text
    const anew = this.#finished || !text.startsWith(before)
    if (anew) this.#paced.clear()
    this.#paced.add(anew ? text : text.slice(before.length))
    this.#finished = false
  }

  /** Nothing comes after the text; set after it. */
  set finished(finished: boolean) {
    if (finished && !this.#finished) this.#paced.finish()
    this.#finished = finished
  }

  /** What the buttons are called. */
  set labels(labels: Words['code']) {
    // Set at every drawing: lit-html takes an object for a new one, always.
    if (labels === this.#labels) return
    this.#labels = labels
    relabel(this)
  }

  get labels(): Words['code'] | undefined {
    return this.#labels
  }
}

/** Make the elements known; once, at the start of the page. */
export function defineProse(): void {
  defineCode()
  defineFormula()
  customElements.define('chat-prose', Prose)
}
