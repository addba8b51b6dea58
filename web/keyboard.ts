import { busy } from './chat.ts'
import { type Room, strokes } from './keys.ts'
import type { Intent, State } from './state.ts'

/** What a key asks for, wherever on the page it was pressed; nothing where it is the field's own. */
export function intentsOf(event: KeyboardEvent, state: State, room: Room): readonly Intent[] {
  const { key, isComposing, defaultPrevented, altKey } = event
  if (isComposing || defaultPrevented || altKey) return []
  if (key === 'Escape') return escape(event, state)
  if (event.ctrlKey || event.metaKey) return key === '/' ? [sheet] : []
  if (isTyped(event.target)) return []
  if (state.panel !== 'none' || state.choices.keysOff || event.repeat) return []
  // With the capitals locked an n is an N, and no less an n.
  const plain = event.shiftKey ? key : key.toLowerCase()
  const stroke = strokes.find(({ key }) => key === plain)
  if (stroke === undefined || (stroke.chat && state.place !== 'chat')) return []
  return stroke.does(state, room)
}

const sheet: Intent = { type: 'panel', panel: 'keys' }

/** It closes what is open, else ends what is being written, else leaves the message. */
function escape({ target }: KeyboardEvent, state: State): readonly Intent[] {
  // These close by themselves.
  if (state.panel === 'keys' || document.querySelector(':popover-open')) return []
  if (state.panel !== 'none') return [{ type: 'panel', panel: 'none' }]
  const inMessage = target instanceof Element && target.id === 'message'
  if (isTyped(target) && !inMessage) return []
  if (busy(state) && state.place === 'chat') return [{ type: 'stop' }]
  return inMessage ? [{ type: 'focus', on: 'transcript' }] : []
}

/** Whether keys write there. */
function isTyped(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !/^(radio|checkbox|button)$/.test(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

/** Of a page, so much that the last lines of one are the first of the next. */
const PAGE = 0.9

/** The pages that a key in the message scrolls the transcript by; 0 where it has more to show itself. */
export function pagesOf({ key, target }: KeyboardEvent): number {
  if (!(target instanceof HTMLTextAreaElement) || target.id !== 'message') return 0
  if (target.scrollHeight > target.clientHeight + 1) return 0
  return key === 'PageUp' ? -PAGE : key === 'PageDown' ? PAGE : 0
}
