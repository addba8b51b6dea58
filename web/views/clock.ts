/** Read so often, and no more: a figure that flickers cannot be read. */
const TICK_MS = 250

/** `<chat-clock>`: a text that changes with the time, whether the page is drawn or not. */
class Clock extends HTMLElement {
  #says: (now: number) => string = () => ''
  #timer: ReturnType<typeof setInterval> | undefined

  /** What it says at a time (`performance.now()`). */
  set says(says: (now: number) => string) {
    this.#says = says
    if (this.textContent === '') this.#tell()
  }

  connectedCallback(): void {
    // A timer is not read out each time it changes.
    this.setAttribute('role', 'timer')
    this.#tell()
    this.#timer = setInterval(() => this.#tell(), TICK_MS)
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer)
  }

  #tell(): void {
    const text = this.#says(performance.now())
    if (text !== this.textContent) this.textContent = text
  }
}

/** Make the element known; once, at the start of the page. */
export const defineClock = (): void => customElements.define('chat-clock', Clock)
