import { createBackoff, defaultPace } from './link/backoff.ts'
import type { State } from './state.ts'

/** Brings the elements that draw Markdown, once there is or soon will be something to draw. */
export type Typeset = (state: State) => void

/**
 * They are a good part of all the page is made of, and an empty page needs none of it. Who types a
 * question has them before its answer begins. Until then the text waits in the elements' places.
 */
export function createTypesetter(failed: () => void): Typeset {
  let asked = false
  return ({ turns, live, loading, draft, place }) => {
    const wanted = turns.length > 0 || live || loading || draft !== '' || place === 'race'
    if (asked || !wanted) return
    asked = true
    void insistOn(failed)
  }
}

/** An answer may be there already, and cannot be seen: it is tried again soon. */
const SOON_MS = 2000

async function insistOn(failed: () => void): Promise<void> {
  const { signal: never } = new AbortController()
  const backoff = createBackoff({ ...defaultPace, capMs: SOON_MS }, failed)
  for (;;) {
    try {
      return await bring()
    } catch (error) {
      // What is not there is a TypeError; anything else is a bug of the page.
      if (!(error instanceof TypeError)) throw error
      await backoff.wait(undefined, never)
    }
  }
}

async function bring(): Promise<void> {
  const { defineProse } = await import('./views/prose.ts')
  defineProse()
  for (const element of document.querySelectorAll('chat-prose')) hand(element)
}

/** What an element was given before it was known stands in the way of what it does with it. */
function hand(element: Element): void {
  const given = Object.entries(element)
  for (const [name] of given) Reflect.deleteProperty(element, name)
  Object.assign(element, Object.fromEntries(given))
}
