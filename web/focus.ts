import type { Intent, State } from './state.ts'

/** After these a person goes on writing; on a phone it would open the keyboard. */
const composes: ReadonlySet<Intent['type']> = new Set([
  'send',
  'stop',
  'resend',
  'regenerate',
  'open',
  'pin',
  'dismiss',
])

const places = {
  message: '#message',
  search: '#list input[type=search]',
  transcript: '#scroll',
} as const

/** What has the focus once an intent is done, as a selector; undefined leaves it where it is. */
export function focusAfter(intent: Intent, before: State, after: State): string | undefined {
  if (after.editing && !before.editing) return '.editing textarea'
  if (after.renaming && !before.renaming) return '.title-field'
  const inList = listFocus(intent, before, after)
  if (inList !== undefined) return inList
  if (intent.type === 'focus') return places[intent.on]
  // The button that was pressed is about to go.
  if (intent.type === 'apply' && after.panel === 'settings') return '#settings .close'
  if (intent.type === 'panel') return panelFocus(before.panel, after.panel)
  const ended = intent.type === 'edit' && !after.editing
  // Whoever came by a shortcut goes on with shortcuts: the next key is no letter.
  if (ended && before.editing?.byKey) return places.transcript
  const writes = ended || composes.has(intent.type)
  return writes && matchMedia('(pointer: fine)').matches ? '#message' : undefined
}

/** Into the panel that opens, and back to the button of the one that closes. */
function panelFocus(before: State['panel'], after: State['panel']): string | undefined {
  // A dialog takes the focus and gives it back by itself.
  if (after === before || after === 'keys' || before === 'keys') return undefined
  return after === 'none' ? `[aria-controls=${before}]` : `#${after} .close`
}

/** In the list, for those who go by keys: into a menu and back to its button, to the way back. */
function listFocus(intent: Intent, before: State, after: State): string | undefined {
  const { activeElement } = document
  if (after.menu !== undefined && after.menu !== before.menu) return '.menu [role=menuitem]'
  if (intent.type === 'delete')
    return activeElement?.matches(':focus-visible') ? '.undo' : undefined
  if (intent.type === 'undelete') return entryOf(before.bin.find(({ kept }) => kept)?.id, 'a')
  if (intent.type === 'purge') return activeElement?.closest('.toast') ? '#message' : undefined
  if (before.renaming && !after.renaming) return entryOf(before.renaming.id, 'a')
  return activeElement?.closest('.menu') ? entryOf(before.menu, '.options') : undefined
}

const entryOf = (id: string | undefined, part: string): string => `[data-chat="${id}"] ${part}`
