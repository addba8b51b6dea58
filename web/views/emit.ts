import type { Intent } from '../state.ts'

/** How a view says what a person wants. */
export type Emit = (intent: Intent) => void

/** A listener for Enter without Shift; an Enter that ends the input of a Chinese word is none. */
export const onEnter = (act: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter' || event.shiftKey || composes(event)) return
  event.preventDefault()
  act()
}

/** Safari says that the word is complete before it sends the key that completed it, as this code. */
const composes = ({ isComposing, keyCode }: KeyboardEvent): boolean =>
  isComposing || keyCode === 229

export const onEscape = (act: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Escape' || event.isComposing) return
  // It means nothing else then.
  event.preventDefault()
  act()
}

/** The text of the field that an event is about. */
export const textOf = (event: Event): string => (event.currentTarget as HTMLInputElement).value
