/** A tab's right to keep one of the few connections that a browser has for an origin. */
export interface Slot {
  /** Aborts when the connection is to be given to somebody else. */
  readonly lost: AbortSignal
  readonly release: () => void
}

/** A slot, or undefined where other tabs have them all. */
export type Claim = () => Promise<Slot | undefined>

/**
 * Browsers open six connections to an origin over HTTP/1.1, for all tabs together: six streams,
 * and the seventh tab does not even load. Half of them may stream; the rest is for everything else.
 */
const SLOTS = 3

/** Tabs share the slots by locks, which go with their tab; without locks, the tab in front has one. */
export const claimSlot: Claim = async () => {
  // Over plain HTTP from another machine there are none.
  if (!('locks' in navigator)) return inFront()
  for (let i = 1; i <= SLOTS; i++) {
    const slot = await lock(`chatai.stream.${i}`)
    if (slot) return slot
  }
  return undefined
}

async function lock(name: string): Promise<Slot | undefined> {
  const claimed = Promise.withResolvers<Slot | undefined>()
  const released = Promise.withResolvers<void>()
  const { signal: lost } = new AbortController()
  const over = navigator.locks.request(name, { ifAvailable: true }, async held => {
    claimed.resolve(held ? { lost, release: released.resolve } : undefined)
    if (held) await released.promise
  })
  over.catch(claimed.reject)
  return claimed.promise
}

/** Of the tabs of a window one is visible, and only that one streams. */
function inFront(): Slot | undefined {
  if (document.hidden) return undefined
  const lost = new AbortController()
  const release = (): void => document.removeEventListener('visibilitychange', leave)
  const leave = (): void => {
    release()
    lost.abort()
  }
  document.addEventListener('visibilitychange', leave)
  return { lost: lost.signal, release }
}
