import type { Model, Params, ParamsChange } from './chunk.ts'
import { ChatError } from './errors.ts'
import type { UpdateMode, Updated } from './event.ts'

/** The settings that produce the text, until an update. */
export interface Leg {
  readonly model: Model
  readonly params: Params
}

/** `params` after a change of some of them. */
export const lay = (change: ParamsChange, params: Params): Params =>
  Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== null))

export interface Change {
  readonly leg: Leg
  readonly mode: UpdateMode
}

/** The updates of an answer that are asked for and not yet in its log, in the order they came. */
export interface Updates {
  /** Resolves once it is in the log. */
  push(change: Change): Promise<void>
  /** The settings that the last of them asks for. */
  leg(): Leg | undefined
  pending(): boolean
  /** Put each into the log with `keep`, and then in force with `apply`. */
  take(keep: (fact: Updated) => Promise<void>, apply: (change: Change) => void): Promise<void>
  /** It is too late for those that are left. */
  refuse(): void
}

export function createUpdates(): Updates {
  const asked: { change: Change; kept: PromiseWithResolvers<void> }[] = []

  return {
    push(change) {
      const kept = Promise.withResolvers<void>()
      asked.push({ change, kept })
      return kept.promise
    },
    leg: () => asked.at(-1)?.change.leg,
    pending: () => asked.length > 0,
    async take(keep, apply) {
      for (let next = asked.shift(); next !== undefined; next = asked.shift()) {
        const { change, kept } = next
        try {
          await keep(toFact(change))
        } catch (error) {
          kept.reject(error)
          continue
        }
        apply(change)
        kept.resolve()
      }
    },
    refuse() {
      for (const { kept } of asked.splice(0)) kept.reject(tooLate())
    },
  }
}

function toFact({ leg, mode }: Change): Updated {
  return { type: 'updated', model: leg.model.id, params: leg.params, mode }
}

export const tooLate = (): ChatError =>
  new ChatError('conflict', 'This answer has ended and cannot be updated. Start a new one.')
