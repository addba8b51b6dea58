import './race.css'

import { render } from 'lit-html'
import { readChoices } from '../choices.ts'
import type { Model } from '../state.ts'
import type { Language } from '../words/words.ts'
import { fetchBenchmark } from './benchmark.ts'
import { keepEnds } from './ends.ts'
import { isClose } from './figures.ts'
import { initial, reduce } from './reduce.ts'
import { createSession } from './session.ts'
import type { Action, Intent, State } from './state.ts'
import { view } from './views/race.ts'
import { speech } from './words.ts'

/** What was there when the view was left is there again when a person comes back to it. */
let last: State | undefined

/** `<chat-race>`: the race view. It runs while it is in the page, and ends all when it leaves it. */
class Race extends HTMLElement {
  #language: Language = 'en'
  #models: readonly Model[] = []
  #stage: Stage | undefined

  set language(language: Language) {
    this.#language = language
    this.#stage?.draw()
  }

  set models(models: readonly Model[]) {
    this.#models = models
    this.#stage?.dispatch({ type: 'models', models })
  }

  connectedCallback(): void {
    this.#stage = open(this, () => this.#language)
    this.#stage.dispatch({ type: 'models', models: this.#models })
  }

  disconnectedCallback(): void {
    this.#stage?.close()
    this.#stage = undefined
  }
}

customElements.define('chat-race', Race)

interface Stage {
  dispatch(action: Action): void
  /** With the next frame. */
  draw(): void
  close(): void
}

function open(root: HTMLElement, language: () => Language): Stage {
  const base = new URL(document.baseURI)
  const closed = new AbortController()
  const { signal } = closed
  let state = last ?? initial([], readChoices(), speech[language()].starters[0] ?? '')
  // Set while a frame is asked for: however much happens, the view is drawn once a frame.
  let frame: number | undefined
  // Until it was drawn once: then a person can type.
  let isNew = true

  function draw(): void {
    if (!signal.aborted) frame ??= requestAnimationFrame(paint)
  }

  function paint(): void {
    frame = undefined
    // It is drawn with the next tick.
    if (state.running && state.race && isClose(state.race, state.now)) return
    const follow = keepEnds(root)
    render(view({ state, words: speech[language()], act }), root)
    follow()
    if (isNew && matchMedia('(pointer: fine)').matches)
      root.querySelector<HTMLElement>('#race-prompt')?.focus()
    isNew = false
  }

  function dispatch(action: Action): void {
    // What comes late is of nobody's view any more.
    if (signal.aborted) return
    state = last = reduce(state, action)
    draw()
  }

  const clock = (): number => performance.now()
  const session = createSession({ base, key: undefined, clock, state: () => state, dispatch })
  const act = (intent: Intent): void => session.act(intent)
  const leave = (): void => session.leave()

  addEventListener('pagehide', leave, { signal })
  void fetchBenchmark(base, signal).then(report => dispatch({ type: 'report', report }))
  return {
    dispatch,
    draw,
    close() {
      leave()
      closed.abort()
      if (frame !== undefined) cancelAnimationFrame(frame)
    },
  }
}
