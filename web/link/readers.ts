import type { Event } from '../../src/transports/wire.ts'
import { createBackoff } from './backoff.ts'
import type { Commands } from './commands.ts'
import { follow } from './cursor.ts'
import { type LinkError, isAhead, mayPass, retryAfterOf } from './error.ts'
import { type Inbox, createInbox } from './inbox.ts'
import type { Line } from './line.ts'
import type { Connection, Item, Setup } from './types.ts'

/** One reader's place in a log. */
interface Cursor {
  readonly generation: string
  readonly inbox: Inbox<Item>
  readonly gone: AbortController
  /** The last event that was put into the inbox. */
  seq: number
  /** Events are taken while `attached`; `full` ones attach again once the inbox was read. */
  state: 'attaching' | 'attached' | 'full'
}

/** Everybody who reads over one line. */
export interface Readers {
  readonly size: number
  events(generation: string, after: number, signal: AbortSignal): AsyncGenerator<readonly Item[]>
  /** The server began to stream this one: keep its events until somebody reads them. */
  readonly expect: (generation: string) => void
  receive(event: Event): void
  /** Attach all of them on a new connection. */
  reattach(): void
  report(state: Connection): void
  fail(error: LinkError): void
}

/** Events that may wait for a reader; past it the link detaches until they are read. */
const MAX_WAITING = 10_000

export function createReaders(setup: Setup, line: Line, commands: Commands): Readers {
  const cursors = new Set<Cursor>()
  // Cursors of starts, each until `events` claims it; they are in `cursors` too.
  const begun = new Map<string, Cursor>()

  function open(generation: string, after: number): Cursor {
    const cursor: Cursor = {
      generation,
      inbox: createInbox(),
      gone: new AbortController(),
      seq: after,
      state: 'attached',
    }
    cursors.add(cursor)
    return cursor
  }

  function claim(generation: string, after: number): Cursor {
    const started = begun.get(generation)
    begun.delete(generation)
    if (started && after === 0) return started
    if (started) leave(started)
    const cursor = open(generation, after)
    void attach(cursor)
    return cursor
  }

  async function* events(
    generation: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Item[]> {
    const cursor = claim(generation, after)
    try {
      if (line.isOpen) setup.report('connected', generation)
      for await (const batch of cursor.inbox.batches(signal)) {
        yield batch
        if (cursor.state === 'full' && cursor.inbox.size === 0) void attach(cursor)
      }
    } finally {
      leave(cursor)
    }
  }

  async function attach(cursor: Cursor): Promise<void> {
    const { generation, inbox, gone } = cursor
    const backoff = createBackoff(setup.pace)
    cursor.state = 'attaching'
    while (cursor.state === 'attaching' && !gone.signal.aborted) {
      try {
        await commands.ask(
          {
            message: () => ({ type: 'attach', generation, after: cursor.seq }),
            accepted: () => void (cursor.state = 'attached'),
          },
          gone.signal,
        )
      } catch (error) {
        if (gone.signal.aborted) return
        if (isAhead(error) && cursor.seq > 0) {
          cursor.seq = 0
          inbox.put({ type: 'reset', generation, seq: 0 })
        } else if (mayPass(error)) await backoff.wait(gone.signal, retryAfterOf(error))
        else {
          cursors.delete(cursor)
          return inbox.fail(error)
        }
      }
    }
  }

  function take(cursor: Cursor, event: Event): void {
    const step = follow(cursor.seq, [event])
    if (step.gap) void attach(cursor)
    for (const item of step.events) cursor.inbox.put(item)
    cursor.seq = step.seq
    if (step.ended) {
      cursor.inbox.end()
      cursors.delete(cursor)
      begun.delete(cursor.generation)
    } else if (cursor.inbox.size >= MAX_WAITING) {
      cursor.state = 'full'
      detach(cursor.generation)
    }
  }

  function leave(cursor: Cursor): void {
    cursor.gone.abort()
    if (cursors.delete(cursor)) detach(cursor.generation)
    line.rest()
  }

  /** Unless somebody else here still reads it. */
  function detach(generation: string): void {
    for (const cursor of cursors) {
      if (cursor.generation === generation && cursor.state !== 'full') return
    }
    line.send({ id: 'detach', type: 'detach', generation })
  }

  return {
    get size() {
      return cursors.size
    },
    events,
    expect(generation) {
      if (!begun.has(generation)) begun.set(generation, open(generation, 0))
    },
    receive(event) {
      for (const cursor of cursors) {
        if (cursor.generation === event.generation && cursor.state === 'attached')
          take(cursor, event)
      }
    },
    reattach() {
      for (const cursor of cursors) if (cursor.state === 'attached') void attach(cursor)
    },
    report(state) {
      for (const cursor of cursors) setup.report(state, cursor.generation)
    },
    fail(error) {
      for (const cursor of cursors) cursor.inbox.fail(error)
      cursors.clear()
    },
  }
}
