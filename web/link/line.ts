import type { Event, Reply } from '../../src/transports/wire.ts'
import { isLast } from './cursor.ts'
import { LinkError } from './error.ts'
import { type Inbox, createInbox } from './inbox.ts'
import { openSocket } from './socket.ts'
import type { Carrier, Setup, Stream } from './types.ts'

/** A carrier for as long as its socket lives: with it ends what was asked and what is read. */
export interface Line extends Carrier {
  /** Aborts when it has ended. */
  readonly over: AbortSignal
}

type Accepted = Extract<Reply, { type: 'accepted' }>

/** A command without an answer. */
interface Asked {
  readonly send: () => void
  readonly accept: (reply: Accepted) => void
  readonly reject: (error: unknown) => void
}

interface Reader extends Stream {
  readonly inbox: Inbox<Event>
  /** From `accepted` on: what comes before it belongs to an earlier reader of the same log. */
  live: boolean
}

/** Events that may wait for a reader; past it they are left to the server until those were read. */
const MAX_WAITING = 10_000

export function openLine(setup: Setup): Line {
  const asked = new Map<string, Asked>()
  const readers = new Set<Reader>()
  let count = 0
  const { send, over } = openSocket(setup, {
    busy: () => asked.size + readers.size > 0,
    opened() {
      for (const { send } of asked.values()) send()
    },
    heard(message) {
      if (!('seq' in message)) return answer(message)
      for (const reader of readers) {
        if (reader.live && reader.generation === message.generation) take(reader, message)
      }
    },
    ended(error) {
      for (const { reject } of asked.values()) reject(error)
      for (const { inbox } of readers) inbox.end(error)
      readers.clear()
    },
  })

  function answer(reply: Reply): void {
    const entry = asked.get(String(reply.id))
    if (reply.type === 'rejected') entry?.reject(new LinkError(reply.code, reply.message, reply))
    else if (entry) entry.accept(reply)
    // Whoever asked has left. (`ping` and `detach` are no numbers.)
    else if (Number(reply.id)) detach(reply.generation)
  }

  /** Sent once the socket is open. `accept` sees the reply before any event that follows it. */
  async function ask<T>(
    message: object,
    limit: AbortSignal,
    accept: (reply: Accepted) => T,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const id = String(++count)
    const entry: Asked = {
      send: () => send({ id, ...message }),
      accept: reply => resolve(accept(reply)),
      reject,
    }
    const leave = (): void => reject(limit.reason)
    asked.set(id, entry)
    limit.addEventListener('abort', leave)
    entry.send()
    try {
      return await promise
    } finally {
      limit.removeEventListener('abort', leave)
      asked.delete(id)
    }
  }

  function read(generation: string): Reader {
    const inbox = createInbox<Event>()
    const reader: Reader = {
      generation,
      inbox,
      live: false,
      batches: inbox.batches,
      close() {
        if (readers.delete(reader)) detach(generation)
        inbox.end()
      },
    }
    readers.add(reader)
    return reader
  }

  function begin(reader: Reader): Reader {
    reader.live = true
    return reader
  }

  function take(reader: Reader, event: Event): void {
    reader.inbox.put(event)
    const last = isLast(event)
    if (last) readers.delete(reader)
    if (last || reader.inbox.size >= MAX_WAITING) reader.close()
  }

  /** Unless somebody else here reads it, or is about to. */
  function detach(generation: string): void {
    for (const reader of readers) if (reader.generation === generation) return
    send({ id: 'detach', type: 'detach', generation })
  }

  return {
    over,
    start: (body, limit) =>
      ask({ type: 'start', ...body }, limit, ({ generation }) => begin(read(generation))),
    async attach(generation, after, limit) {
      const reader = read(generation)
      try {
        return await ask({ type: 'attach', generation, after }, limit, ({ ended }) => {
          if (!ended) return begin(reader)
          readers.delete(reader)
          return undefined
        })
      } catch (error) {
        readers.delete(reader)
        throw error
      }
    },
    tell: (command, limit) => ask(command, limit, () => undefined),
  }
}
