/** A store that is not well: it fails, or is slow, when the test says so. */
import type { Store } from '../../src/core/conversation.ts'
import { refusals } from '../../src/stores/refusals.ts'

export interface Unwell {
  readonly store: Store
  /** Appends fail while this is true. */
  full: boolean
  /** What every create waits for. */
  slow: Promise<void>
  /** The first create has come. */
  readonly asked: Promise<void>
}

export function unwell(store: Store): Unwell {
  const { log } = store
  const asked = Promise.withResolvers<void>()
  const state: Unwell = {
    full: false,
    slow: Promise.resolve(),
    asked: asked.promise,
    store: {
      ...store,
      log: {
        ...log,
        async create(...args) {
          asked.resolve()
          await state.slow
          return log.create(...args)
        },
        append: (...args) =>
          state.full ? Promise.reject(refusals.overloaded('full')) : log.append(...args),
      },
    },
  }
  return state
}
