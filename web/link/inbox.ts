/** What waits for one reader. Items put together, or while it was busy, are taken together. */
export interface Inbox<T> {
  put(item: T): void
  /** Nothing more comes after what was put. */
  end(): void
  /** Reading throws this once everything put before was read. */
  fail(error: unknown): void
  readonly size: number
  /** Ends after `end`, or when `signal` aborts. For one reader. */
  batches(signal: AbortSignal): AsyncGenerator<readonly T[]>
}

export function createInbox<T>(): Inbox<T> {
  let items: T[] = []
  let ended = false
  let failure: { readonly error: unknown } | undefined
  let wake: () => void = () => undefined

  async function* batches(signal: AbortSignal): AsyncGenerator<readonly T[]> {
    const onAbort = (): void => wake()
    signal.addEventListener('abort', onAbort)
    try {
      while (!signal.aborted) {
        const batch = items
        items = []
        if (batch.length > 0) yield batch
        else if (failure) throw failure.error
        else if (ended) return
        else await new Promise<void>(resolve => (wake = resolve))
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  return {
    put(item) {
      items.push(item)
      wake()
    },
    end() {
      ended = true
      wake()
    },
    fail(error) {
      failure = { error }
      wake()
    },
    get size() {
      return items.length
    },
    batches,
  }
}
