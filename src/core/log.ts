import type { Fact, Line, Started } from './event.ts'
import { ChatError } from './errors.ts'
import type { Waiter } from './pulse.ts'

/** Where a log ends so far. */
export interface Head {
  /** Whose it is; see core/owned.ts. */
  readonly owner: string
  /** Its last seq. */
  readonly seq: number
  /** Whether that is the terminal event. */
  readonly ended: boolean
}

/** The `Idempotency-Key` of a start and a digest of what was asked for under it. */
export interface Claim {
  readonly key: string
  readonly digest: string
}

/** Whose a log is, nobody's if left out, and the claim that it was started under. */
export interface Title {
  readonly owner?: string
  readonly claim?: Claim
}

/**
 * The numbered, append-only logs, one a generation. Laws, proved for every store by
 * test/stores/*.laws.ts:
 *
 *  1. Seqs are 1, 2, 3 … without a hole; a line never changes once it was read.
 *  2. A line can be read, and its waiters wake, only after the store has it for good.
 *  3. Nothing follows a terminal event: an append after it keeps nothing and returns false.
 *  4. `read` returns lines in order from `after + 1`, as many as fit READ_BYTES and at least one
 *     if there is one, so that a reader of a long log holds a part of it at a time. A read that
 *     leaves lines behind resolves in a later turn of the event loop: a replay holds nobody up.
 *  5. Writes handed over in one tick, to the log and to the conversations, are kept together or
 *     not at all; a write that cannot be kept rejects with ChatError `overloaded`.
 */
export interface Log {
  /** Open a log with its seq 1. The claim, if any, is kept as long as the log. */
  create(generation: string, started: Started, title?: Title): Promise<void>
  /** Append facts in order; resolves true once they are kept, false if the log had ended. */
  append(generation: string, facts: readonly Fact[]): Promise<boolean>
  /** Lines after that seq, none if there are none yet; undefined if there is no such log. */
  read(generation: string, after: number): Promise<readonly Line[] | undefined>
  head(generation: string): Promise<Head | undefined>
  /** Wait for appends to a log that has not ended. */
  watch(generation: string, signal: AbortSignal): Waiter
  /** The generation started under an idempotency key. */
  claimed(key: string): Promise<{ generation: string; digest: string } | undefined>
  /** Logs without a terminal event. After a start of the server these are what a crash left. */
  open(): Promise<readonly string[]>
}

/** About how much JSON text one read returns: enough to fill a socket, little to hold. */
export const READ_BYTES = 65_536

/**
 * Everything after a cursor, and then what is appended, until the terminal event or the abort; where
 * that has a ChatError for a reason, it is thrown.
 * Attaching live, resuming and replaying are this one loop. An async generator would say it in fewer
 * words; it takes two more turns of the queue and 2 µs more a batch.
 */
export function follow(
  log: Log,
  { generation, after }: { generation: string; after: number },
  signal: AbortSignal,
): AsyncIterableIterator<readonly Line[], void, void> {
  let waiter: Waiter | undefined
  let cursor = after
  let over = false

  async function begin(): Promise<Waiter> {
    waiter = log.watch(generation, signal)
    // Nothing will ever wake a reader that begins where an ended log ends.
    const head = await log.head(generation)
    over = head?.ended === true && head.seq <= after
    return waiter
  }

  async function next(): Promise<IteratorResult<readonly Line[], void>> {
    try {
      const arrival = waiter ?? (await begin())
      while (!over && !signal.aborted) {
        const lines = await log.read(generation, cursor)
        if (lines === undefined) throw new ChatError('not_found', 'This answer was deleted.')
        const end = lines.at(-1)
        if (end === undefined) {
          await arrival.next()
          continue
        }
        cursor = end.seq
        over = end.last
        return { value: lines, done: false }
      }
      if (!over && signal.reason instanceof ChatError) throw signal.reason
    } catch (error) {
      waiter?.leave()
      throw error
    }
    return end()
  }

  async function end(): Promise<IteratorResult<readonly Line[], void>> {
    over = true
    waiter?.leave()
    return { value: undefined, done: true }
  }

  return {
    next,
    return: end,
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
