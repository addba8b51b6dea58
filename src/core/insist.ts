import type { Clock } from './clock.ts'

export interface InsistOptions {
  readonly clock: Clock
  /** The server goes down: what cannot be kept now is left to the next start. */
  readonly closing: AbortSignal
  /** Told of each failure. */
  readonly refused: (error: unknown) => void
}

/** How long a store that takes nothing is left alone before it is asked again. */
const STORE_RETRY_MS = 1000

/** Ask the store to keep something until it does; never over once the server goes down before. */
export async function insist(
  keep: () => Promise<unknown>,
  { clock, closing, refused }: InsistOptions,
): Promise<void> {
  for (;;) {
    try {
      await keep()
      return
    } catch (error) {
      refused(error)
    }
    await pause(clock, closing)
  }
}

function pause(clock: Clock, closing: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (closing.aborted) return
    const cancel = clock.after(STORE_RETRY_MS, () => {
      closing.removeEventListener('abort', cancel)
      resolve()
    })
    closing.addEventListener('abort', cancel, { once: true })
  })
}
