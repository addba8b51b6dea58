import type { Api } from './api.ts'
import type { Action } from './state.ts'

/** Typing goes on within this: the server is asked once it pauses. */
const PAUSE_MS = 180

/** So many hits fill the list, and the server is asked for more only if a person wants them. */
const FULL = 20

interface HuntParts {
  readonly api: Api
  readonly dispatch: (action: Action) => void
}

/** Searches the conversations, one text at a time. */
export interface Hunt {
  /** Soon; what was searched for before counts no more. */
  begin(text: string): void
  /** From where a search has come to. */
  goOn(text: string, after: string | undefined): Promise<void>
}

export function createHunt({ api, dispatch }: HuntParts): Hunt {
  let current = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function goOn(text: string, from: string | undefined): Promise<void> {
    current.abort()
    current = new AbortController()
    const { signal } = current
    let after = from
    try {
      for (let count = 0, more = true; more;) {
        const wanted = { search: text.trim(), after }
        const { conversations, next } = await api.conversations(wanted, signal)
        if (signal.aborted) return
        count += conversations.length
        // A page can be short although there is more to come.
        more = next !== undefined && count < FULL
        const doing = more ? 'searching' : next === undefined ? 'done' : 'paused'
        dispatch({ type: 'found', text, conversations, next, after, doing })
        after = next
      }
    } catch (error) {
      if (signal.aborted) return
      dispatch({ type: 'found', text, conversations: [], next: after, after, doing: 'failed' })
      throw error
    }
  }

  return {
    begin(text) {
      clearTimeout(timer)
      current.abort()
      if (text.trim() === '') return
      timer = setTimeout(() => {
        // What went wrong stands in the list.
        goOn(text, undefined).catch(() => undefined)
      }, PAUSE_MS)
    },
    goOn,
  }
}
