import { type Audience, createAudience } from './audience.ts'
import type { Message } from './chunk.ts'
import type { Clock } from './clock.ts'
import type { Store } from './conversation.ts'
import { ChatError } from './errors.ts'
import type { Ending, Started, UpdateMode } from './event.ts'
import { type Running, startGeneration } from './generation.ts'
import { createQuotas } from './quotas.ts'
import { createRoom } from './room.ts'
import type { Leg } from './updates.ts'

export interface Limits {
  readonly firstByteMs: number
  readonly idleMs: number
  readonly orphanMs: number
  readonly outputBytes: number
  /** JSON text of its log, about. */
  readonly logBytes: number
  /** The same of all live ones together. */
  readonly liveBytes: number
  /** Live at once, in all and of one caller. */
  readonly generations: number
  readonly generationsPerClient: number
  /** Of one conversation. */
  readonly turns: number
}

/** What happens in the life of a generation, for logs and metrics; never what is said in it. */
export type Life =
  | { type: 'started'; generation: string; model: string }
  | { type: 'first'; generation: string; model: string; ms: number }
  | { type: 'updated'; generation: string; model: string; mode: UpdateMode }
  | { type: 'ended'; generation: string; model: string; end: Ending; ms: number }
  | { type: 'stopped'; generation: string; model: string; ms: number }
  | { type: 'fault'; generation: string; model: string; error: ChatError }

export interface LiveParts {
  readonly store: Store
  readonly clock: Clock
  readonly limits: Limits
  readonly observe: (life: Life) => void
  /** Ms between two pieces of an answer that were kept one after the other. */
  readonly gap: (ms: number) => void
}

/** What a generation begins with; its log holds `started` already. */
export interface Launch {
  readonly id: string
  readonly started: Started
  readonly leg: Leg
  readonly context: readonly Message[]
  readonly onDisconnect: 'continue' | 'stop'
  readonly quota: string | undefined
}

/** Who starts, and where. */
export interface Entry {
  /** The one it goes on with. */
  readonly conversation: string | undefined
  /** What live answers of one caller are counted by, if they are. */
  readonly quota: string | undefined
}

/** The generations that are being written: how many there may be, and how all of them end. */
export interface Live {
  /**
   * Let a start in and make it. Throws `overloaded` when the server is full or going down,
   * `rate_limited` when its caller has enough live answers, `conflict` while its conversation has one.
   */
  admit<T>(entry: Entry, make: () => Promise<T>): Promise<T>
  launch(launch: Launch): void
  /** Do something to a conversation that no start may come between. Throws `conflict` as `admit`. */
  lock<T>(conversation: string, act: () => Promise<T>): Promise<T>
  find(generation: string): Running | undefined
  /** A reader came; it leaves when its signal aborts, and reads by the one that is returned. */
  join(generation: string, signal: AbortSignal): AbortSignal
  readonly size: number
  readonly draining: boolean
  /** Let nothing in, give the live ones `graceMs` to end, then end them as `interrupted`. */
  readonly drain: (graceMs: number) => Promise<void>
}

/** With `onDisconnect: stop`: time for a reader that dropped to come back. */
const GRACE_MS = 5000
/** Seconds after which a refused start may be tried again. */
const RETRY_AFTER = 5

export function createLive({ store, clock, limits, observe, gap }: LiveParts): Live {
  const live = new Map<string, { running: Running; audience: Audience }>()
  // Conversations with a live answer, from before the first await of its start.
  const busy = new Set<string>()
  const starting = new Set<Promise<unknown>>()
  const quotas = createQuotas(limits.generationsPerClient)
  const room = createRoom(limits.liveBytes)
  const closing = new AbortController()
  let draining = false

  function launch({ id, started, leg, context, onDisconnect, quota }: Launch): void {
    const { conversation } = started
    const began = clock.now()
    const model = leg.model.id
    const share = room.enter()
    const running = startGeneration({
      id,
      clock,
      context,
      leg,
      limits,
      log: store.log,
      settle: settlement => store.conversations.settle(id, settlement),
      fits: bytes => share.keep(bytes),
      first: () => observe({ type: 'first', generation: id, model, ms: clock.now() - began }),
      gap,
      closing: closing.signal,
      lost: error => live.get(id)?.audience.lose(error),
      fault: (error, asked) => observe({ type: 'fault', generation: id, model: asked, error }),
    })
    const graceMs = onDisconnect === 'stop' ? GRACE_MS : limits.orphanMs
    const audience = createAudience({ orphanMs: limits.orphanMs, graceMs, clock }, () => {
      running.stop('abandoned').catch(() => undefined)
    })
    live.set(id, { running, audience })
    if (conversation !== null) busy.add(conversation)
    observe({ type: 'started', generation: id, model })
    void running.ended.then(end => {
      audience.close()
      live.delete(id)
      share.leave()
      quotas.leave(quota)
      if (conversation !== null) busy.delete(conversation)
      const ms = clock.now() - began
      observe({ type: 'ended', generation: id, model: running.leg().model.id, end, ms })
    })
  }

  function hold(conversation: string): void {
    if (busy.has(conversation)) throw beingWritten()
    busy.add(conversation)
  }

  async function enter<T>(conversation: string | undefined, make: () => Promise<T>): Promise<T> {
    if (conversation === undefined) return make()
    hold(conversation)
    try {
      return await make()
    } catch (error) {
      busy.delete(conversation)
      throw error
    }
  }

  return {
    async admit({ conversation, quota }, make) {
      if (draining) throw goingDown()
      if (live.size + starting.size >= limits.generations) {
        throw overloaded('Too many answers are being written. Please retry in a moment.')
      }
      if (room.full) throw overloaded('The server is short of memory. Please retry in a moment.')
      quotas.take(quota)
      const start = enter(conversation, make)
      starting.add(start)
      try {
        return await start
      } catch (error) {
        quotas.leave(quota)
        throw error
      } finally {
        starting.delete(start)
      }
    },
    launch,
    async lock(conversation, act) {
      hold(conversation)
      try {
        return await act()
      } finally {
        busy.delete(conversation)
      }
    },
    find: id => live.get(id)?.running,
    join: (id, signal) => live.get(id)?.audience.join(signal) ?? signal,
    get size() {
      return live.size
    },
    get draining() {
      return draining
    },
    async drain(graceMs) {
      draining = true
      await Promise.allSettled(starting)
      let cancel = (): void => {}
      const late = new Promise<void>(resolve => {
        cancel = clock.after(graceMs, resolve)
      })
      await Promise.race([Promise.all([...live.values()].map(one => one.running.ended)), late])
      cancel()
      // One whose end the store does not take now is ended by the next start.
      await Promise.allSettled([...live.values()].map(one => one.running.interrupt()))
      closing.abort()
      for (const { audience } of live.values()) audience.close()
    },
  }
}

/** No start is let in any more, and no connection. */
export const goingDown = (): ChatError =>
  overloaded('The server is going down. Please retry in a moment.')

const overloaded = (message: string): ChatError =>
  new ChatError('overloaded', message, { retryAfter: RETRY_AFTER })

const beingWritten = (): ChatError =>
  new ChatError(
    'conflict',
    'An answer is being written in this conversation. Stop it or wait for it.',
  )
