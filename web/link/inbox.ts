/** What waits for one reader. Items put together, or while it was busy, are taken together. */
export interface Inbox<T> {
  put(item: T): void
  /** Nothing more comes; reading throws the reason, if any, once everything put before was read. */
  end(reason?: unknown): void
  readonly size: number
  /** For one reader. */
  readonly batches: AsyncIterable<readonly T[]>
}

export function createInbox<T>(): Inbox<T> {
  let items: T[] = []
  let over: { readonly reason: unknown } | undefined
  let wake = (): void => undefined

  async function* read(): AsyncGenerator<readonly T[]> {
    for (;;) {
      const batch = items
      items = []
      if (batch.length > 0) yield batch
      else if (over?.reason) throw over.reason
      else if (over) return
      else await new Promise<void>(resolve => (wake = resolve))
    }
  }

  return {
    put(item) {
      items.push(item)
      wake()
    },
    end(reason) {
      over ??= { reason }
      wake()
    },
    get size() {
      return items.length
    },
    batches: read(),
  }
}
