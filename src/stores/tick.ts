import { setImmediate as end } from 'node:timers/promises'

/** Resolves at the end of this tick of the event loop, for all who wait in the order they came. */
export type Tick = () => Promise<void>

/**
 * One end for all that is handed over in a tick, as the commit of SQLite is. Many short answers at
 * once cost half as much as when each is kept for itself: all go the same steps one after the other,
 * and what a model says meanwhile is one event and one write.
 */
export function createTick(): Tick {
  let tick: Promise<void> | undefined
  return () => (tick ??= end().then(() => void (tick = undefined)))
}
