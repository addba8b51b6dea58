import type { FastifyRateLimitOptions, FastifyRateLimitStore } from '@fastify/rate-limit'

type Answer = Parameters<FastifyRateLimitStore['incr']>[1]

/** Clients that are remembered: who was counted longest ago is forgotten, and begins anew. */
const MOST = 5000

interface Window {
  readonly count: number
  /** By the monotonic clock. */
  readonly until: number
}

/**
 * Counts per client and window of time. The store that comes with the plugin goes by the clock that
 * people set: put back by a day, it told clients to come back in a day. A class, because the plugin
 * makes its stores with `new`.
 */
export class Tally implements FastifyRateLimitStore {
  readonly #counts = new Map<string, Window>()

  incr(client: string, answer: Answer, windowMs = 0): void {
    const now = performance.now()
    const { count, until } = this.#find(client, now) ?? { count: 0, until: now + windowMs }
    this.#counts.delete(client)
    this.#counts.set(client, { count: count + 1, until })
    const [oldest] = this.#counts.keys()
    if (this.#counts.size > MOST && oldest !== undefined) this.#counts.delete(oldest)
    answer(null, { current: count + 1, ttl: until - now })
  }

  /** Without counting. */
  read(client: string, answer: Answer): void {
    const now = performance.now()
    const { count, until } = this.#find(client, now) ?? { count: 0, until: now }
    answer(null, { current: count, ttl: until - now })
  }

  /** The window of a client that is not over. */
  #find(client: string, now: number): Window | undefined {
    const known = this.#counts.get(client)
    return known !== undefined && known.until > now ? known : undefined
  }

  child(_options: FastifyRateLimitOptions): Tally {
    return new Tally()
  }
}
