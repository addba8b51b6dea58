/**
 * Calls `listener` whenever the network is back or the tab is seen again, until `over`. Outside of
 * pages there are no such events.
 */
export function onWake(listener: () => void, over: AbortSignal): void {
  const seen = (): void => {
    if (!document.hidden) listener()
  }
  globalThis.addEventListener?.('online', listener, { signal: over })
  globalThis.document?.addEventListener('visibilitychange', seen, { signal: over })
}

/** Ends early when `signal` aborts or the page wakes. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const over = new AbortController()
    const wake = (): void => {
      clearTimeout(timer)
      over.abort()
      resolve()
    }
    const timer = setTimeout(wake, ms)
    onWake(wake, over.signal)
    signal.addEventListener('abort', wake, { signal: over.signal })
    if (signal.aborted) wake()
  })
}
