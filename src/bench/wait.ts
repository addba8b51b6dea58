/** Waiting, of which a measuring program does much. */
import { setTimeout as sleep } from 'node:timers/promises'

export { sleep }

const STEP_MS = 5
const LONGEST_MS = 30_000

/** Resolves when the claim holds; rejects with what was waited for if it does not in time. */
export async function until(claim: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !claim(); waited += STEP_MS) {
    if (waited > LONGEST_MS) throw new Error(`This did not happen in 30 s: ${what}.`)
    await sleep(STEP_MS)
  }
}

/** The same promise; a rejection is the business of whoever awaits it, and of nobody before. */
export function held<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
