import { keepVigil } from './awake.ts'
import type { Item, Link, StartBody } from './link/link.ts'
import { noticeOf } from './notice.ts'
import type { Action, State } from './state.ts'

export interface WatcherParts {
  /** The link of the transport that is chosen now. */
  readonly link: () => Link
  readonly state: () => State
  readonly dispatch: (action: Action) => void
  readonly onStarted: (started: Extract<Item, { type: 'started' }>) => void
}

/** Follows the one answer that is on the page. */
export interface Watcher {
  /** Start an answer and follow it to its end. */
  start(body: StartBody): Promise<void>
  /** Follow the page's live answer from where it is; over the transport that is chosen now. */
  watch(): void
  /** Follow nothing. */
  leave(): void
  /** Follow nothing, and give up a start that has no answer yet. */
  cancel(): void
}

export function createWatcher({ link, state, dispatch, onStarted }: WatcherParts): Watcher {
  // Of the one loop that may speak: every earlier one is aborted.
  let current = new AbortController()
  let starting = new AbortController()
  let followed: { readonly generation: string; readonly link: Link } | undefined

  function take(
    over: { readonly generation: string; readonly link: Link } | undefined,
  ): AbortSignal {
    current.abort()
    current = new AbortController()
    followed = over
    return current.signal
  }

  async function follow(generation: string, after: number): Promise<void> {
    const over = { generation, link: link() }
    const signal = take(over)
    const vigil = keepVigil(() => dispatch({ type: 'slept' }))
    try {
      for await (const items of over.link.events(generation, after, signal)) {
        if (signal.aborted) return
        vigil.look()
        dispatch({ type: 'items', items, at: performance.now() })
        const started = items.find(item => item.type === 'started')
        if (started) onStarted(started)
      }
    } catch (error) {
      if (!signal.aborted) lose(error)
    } finally {
      vigil.end()
    }
  }

  const lose = (error: unknown): void =>
    dispatch({ type: 'lost', notice: noticeOf(error), at: performance.now() })

  /** Nobody is here to read it: the stream that came with the start gives its connection back. */
  async function drop(over: Link, generation: string): Promise<void> {
    for await (const _ of over.events(generation, 0)) return
  }

  return {
    async start(body) {
      const signal = take(undefined)
      starting = new AbortController()
      try {
        const over = link()
        const generation = await over.start(body, starting.signal)
        if (signal.aborted) return await drop(over, generation)
        dispatch({ type: 'taken', generation })
        await follow(generation, 0)
      } catch (error) {
        if (!signal.aborted) lose(error)
      }
    },
    watch() {
      const { live } = state()
      if (!live?.generation || live.end) return
      if (followed?.generation === live.generation && followed.link === link()) return
      // What is said until it is read again waits for that.
      dispatch({ type: 'slept' })
      void follow(live.generation, live.seq)
    },
    leave: () => void take(undefined),
    cancel() {
      take(undefined)
      starting.abort()
    },
  }
}
