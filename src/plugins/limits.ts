import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'
import { identityOf } from './auth.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Count one start of this client; throws `rate_limited`. */
    admit(request: FastifyRequest): Promise<void>
  }
}

/**
 * Starts per minute, per key or address. One counter, asked by every transport, so that neither is
 * a way around the limit of the other.
 */
export const limits = fp(async (app: FastifyInstance, { perMinute }: { perMinute: number }) => {
  await app.register(rateLimit, { global: false })
  const check = app.createRateLimit({
    max: perMinute,
    timeWindow: 60_000,
    // Only a key that was accepted: any other header would be a new counter at will.
    keyGenerator: request => identityOf(request).client,
  })
  app.decorate('admit', async (request: FastifyRequest) => {
    const limit = await check(request)
    if (limit.isAllowed || !limit.isExceeded) return
    throw new ChatError('rate_limited', 'Too many answers were started. Wait a moment and retry.', {
      retryAfter: limit.ttlInSeconds,
    })
  })
})
