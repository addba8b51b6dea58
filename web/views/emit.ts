import type { Intent } from '../state.ts'
import { onlyTouch } from '../touch.ts'

/** How a view says what a person wants. */
export type Emit = (intent: Intent) => void

/** A listener for Enter without Shift; an Enter that ends the input of a Chinese word is none. */
export const onEnter = (act: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter' || event.shiftKey || composes(event)) return
  event.preventDefault()
  act()
}

/**
 * The same in a field of many lines. A keyboard on a screen has no Shift+Enter: there Enter begins a
 * line, and a button sends; or Ctrl+Enter, on one that is attached all the same.
 */
export const onSend = (act: () => void) => (event: KeyboardEvent) => {
  if (!onlyTouch() || event.ctrlKey || event.metaKey) onEnter(act)(event)
}

/** What the Enter key of a screen shows in such a field. */
export const enterHint = (sends: 'send' | 'go'): string => (onlyTouch() ? 'enter' : sends)

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
