/** Who tries out keys is held up; who has one is not, where it was used before. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ChatError } from '../core/errors.ts'
import { addressOf } from './address.ts'

export interface Guesses {
  /**
   * Throws `rate_limited` where too many wrong keys came from this address, whether this one is
   * right or not: nobody is told. But not for an owner who was let in from there before, so that
   * nobody can lock out the others behind one address.
   */
  check(request: FastifyRequest, owner: string | undefined): Promise<void>
  /** This key was wrong. */
  wrong(request: FastifyRequest): Promise<void>
}

const MINUTE_MS = 60_000

/** Owners and addresses that are remembered; some MB. */
const MOST_KNOWN = 10_000

export function createGuesses(app: FastifyInstance, perMinute: number): Guesses {
  const count = app.createRateLimit({
    max: perMinute - 1,
    timeWindow: MINUTE_MS,
    keyGenerator: addressOf,
  })
  // The oldest first.
  const known = new Set<string>()

  function remember(who: string): void {
    known.add(who)
    const [oldest = ''] = known
    if (known.size > MOST_KNOWN) known.delete(oldest)
  }

  return {
    async check(request, owner) {
      const who = owner === undefined ? undefined : `${addressOf(request)} ${owner}`
      if (who !== undefined && known.has(who)) return
      const limit = await count(request, { increment: false })
      if (!limit.isAllowed && limit.isExceeded) throw held(limit.ttlInSeconds)
      if (who !== undefined) remember(who)
    },
    async wrong(request) {
      await count(request)
    },
  }
}

const held = (retryAfter: number): ChatError =>
  new ChatError(
    'rate_limited',
    'Too many wrong keys came from here. Wait and send the right one.',
    {
      retryAfter,
    },
  )
