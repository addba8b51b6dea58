/** What is done about the list: it is fetched, searched, and what a person wants with it is sent. */
import { type Api, PAGE } from './api.ts'
import { bringIn, save } from './exchange.ts'
import { createHunt } from './hunt.ts'
import { LinkError } from './link/error.ts'
import { keptOf, searched } from './shelf.ts'
import type { Action, Binned, Conversation, Edit, Intent, Notice, State } from './state.ts'
import { createWait } from './wait.ts'

/** So long a deletion can be taken back. */
const UNDO_MS = 8000
/** So long it is said what came in. */
const IMPORTED_MS = 6000
/** The server gives no more at once. */
const LARGEST_PAGE = 100

export interface LibrarianParts {
  readonly api: Api
  readonly state: () => State
  readonly dispatch: (action: Action) => void
  /** Run something that nobody waits for: what goes wrong is shown. */
  readonly run: (work: Promise<unknown>) => void
  /** Put a conversation on the page. */
  readonly show: (id: string) => void
  /** Let other tabs know that a conversation has changed. */
  readonly tell: (conversation: string) => void
}

export interface Librarian {
  /** The list anew, or what comes after. */
  readonly list: (after?: string) => Promise<void>
  /** `before` is what the person saw. */
  act(intent: Intent, before: State): void
  /** The page is left: what waits is done now. */
  readonly leave: () => void
}

export function createLibrarian(parts: LibrarianParts): Librarian {
  const { api, state, dispatch, run, show, tell } = parts
  const hunt = createHunt({ api, dispatch })
  const wait = createWait(UNDO_MS, letGo)
  const said = createWait(IMPORTED_MS, () => dispatch({ type: 'imported', imported: undefined }))

  async function list(after?: string): Promise<void> {
    const known = Math.max(PAGE, state().conversations.length)
    const limit = after === undefined ? Math.min(known, LARGEST_PAGE) : PAGE
    const { conversations, next } = await api.conversations({ limit, after })
    dispatch({ type: 'listed', conversations, next, after, at: Date.now() })
  }

  function more(before: State): Promise<void> {
    const search = searched(before)
    if (search !== undefined) return hunt.goOn(search.text, search.next)
    const after = before.more
    return after === undefined ? Promise.resolve() : list(after)
  }

  async function retitle({ id, text }: Edit): Promise<void> {
    const title = text.trim()
    if (title === '') return
    try {
      await api.patch(id, { title })
      tell(id)
    } catch (error) {
      // It has its old title still.
      run(list())
      throw error
    }
  }

  /** What could be brought back is deleted for good. */
  function letGo(): void {
    const kept = keptOf(state())
    dispatch({ type: 'purge' })
    drop(kept)
  }

  function drop(kept: Binned | undefined): void {
    wait.cancel()
    if (kept !== undefined) run(remove(kept.id))
  }

  async function remove(id: string): Promise<void> {
    try {
      await api.remove(id)
    } catch (error) {
      // Somebody else was faster: then it is gone, too.
      if (!(error instanceof LinkError && error.code === 'not_found')) {
        dispatch({ type: 'returned', id })
        throw error
      }
    }
    dispatch({ type: 'gone', id })
    tell(id)
  }

  /** It is on the page again where it was, unless something else has taken its place. */
  function bringBack(kept: Binned | undefined): void {
    wait.cancel()
    const { open, live, place } = state()
    const free = open === undefined && live === undefined && place === 'chat'
    if (kept?.open && free) show(kept.id)
  }

  async function takeIn(files: readonly File[]): Promise<void> {
    const came: Conversation[] = []
    const notices: Notice[] = []
    for (const file of files) {
      // One after the other: a server takes so many at once, and the last one is shown.
      // oxlint-disable-next-line no-await-in-loop
      const result = await bringIn(file, api, state().importBytes)
      if ('notice' in result) notices.push(result.notice)
      else came.push(result)
    }
    const last = came.at(-1)
    if (last !== undefined) {
      show(last.id)
      tell(last.id)
      run(list())
      // What came in may look like what was there.
      dispatch({ type: 'imported', imported: { count: came.length, title: last.title } })
      said.begin()
    }
    if (notices.length > 0) dispatch({ type: 'notice', notice: notices.at(-1) })
  }

  return {
    list,
    act(intent, before) {
      switch (intent.type) {
        case 'more':
          return run(more(before))
        case 'search':
          return hunt.begin(intent.text)
        case 'retitle':
          return before.renaming && run(retitle(before.renaming))
        case 'delete':
          drop(keptOf(before))
          return wait.begin()
        case 'purge':
          return drop(keptOf(before))
        case 'undelete':
          return bringBack(keptOf(before))
        case 'open':
          // Who opens what was deleted wants it back.
          return intent.id === keptOf(before)?.id ? wait.cancel() : undefined
        case 'linger':
          return intent.over ? wait.hold() : wait.release()
        case 'export':
          return run(save(intent, api, state))
        case 'import':
          return run(takeIn(intent.files))
        default:
          return undefined
      }
    },
    leave: letGo,
  }
}
