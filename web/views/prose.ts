import { type Growing, blank, grow, since, whole } from '../growing.ts'
import { createPaced } from '../markdown/paced.ts'
import { work } from '../work.ts'
import type { Words } from '../words/words.ts'
import { defineCode, relabel } from './code.ts'
import { defineFormula } from './formula.ts'

/**
 * `<chat-prose>`: a text in Markdown that may grow; drawn at most once a frame by whoever sets it.
 * A text that does not go on from the one before is drawn anew.
 */
export class Prose extends HTMLElement {
  readonly #paced = createPaced(this, work)
  #text: Growing = blank
  #finished = false
  #labels: Words['code'] | undefined

  set text(given: string | Growing) {
    const text = typeof given === 'string' ? grow(blank, given) : given
    const more = since(text, this.#text) ?? behind(whole(text), whole(this.#text))
    this.#text = text
    if (more === '') return
    const anew = more === undefined || this.#finished
    if (anew) this.#paced.clear()
    this.#paced.add(anew ? whole(text) : more)
    this.#finished = false
  }

  /** Nothing comes after the text; set after it. */
  set finished(finished: boolean) {
    if (finished && !this.#finished) this.#paced.finish()
    this.#finished = finished
  }

  /** What the buttons are called. */
  set labels(labels: Words['code']) {
    this.#labels = labels
    relabel(this)
  }

  get labels(): Words['code'] | undefined {
    return this.#labels
  }
}

const behind = (text: string, start: string): string | undefined =>
  text.startsWith(start) ? text.slice(start.length) : undefined

/** Make the elements known; once, at the start of the page. */
export function defineProse(): void {
  defineCode()
  defineFormula()
  customElements.define('chat-prose', Prose)
}
