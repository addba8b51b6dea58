/** How often and how much: one counter each, whichever transport asks. */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ChatError } from '../core/errors.ts'
import { addressOf, isLocal } from './address.ts'
import { identityOf } from './auth.ts'
import { type Seat, createSeats } from './seats.ts'
import { Tally } from './tally.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Count one start, or a change that asks the model anew; throws `rate_limited`. */
    admit(request: FastifyRequest): Promise<void>
    /** Count one reading of a log or of a whole conversation; throws `rate_limited`. */
    reads(request: FastifyRequest): Promise<void>
    /** A hook of every route that streams: takes a seat until the connection has closed. */
    seat: Seat
  }
}

export interface LimitsOptions {
  /** Per key, or per address where there are no keys. */
  readonly startsPerMinute: number
  readonly readsPerMinute: number
  /** Whatever the keys. */
  readonly startsPerAddress: number
  /** Streams and sockets at once, in all and from one address. */
  readonly sockets: number
  readonly socketsPerAddress: number
}

const MINUTE_MS = 60_000

type Counter = ReturnType<FastifyInstance['createRateLimit']>
type Told = Extract<Awaited<ReturnType<Counter>>, { isAllowed: false }>

export const limits = fp(async (app: FastifyInstance, options: LimitsOptions) => {
  await app.register(rateLimit, { global: false, store: Tally })
  const perMinute = (max: number, keyGenerator: (request: FastifyRequest) => string): Counter =>
    app.createRateLimit({ max, timeWindow: MINUTE_MS, keyGenerator })
  // Only a key that was accepted: any other header would be a new counter at will.
  const byClient = (request: FastifyRequest): string => identityOf(request).client
  const starts = perMinute(options.startsPerMinute, byClient)
  const reads = perMinute(options.readsPerMinute, byClient)
  const fromAddress = perMinute(options.startsPerAddress, addressOf)

  app.decorate('admit', async (request: FastifyRequest) => {
    for (const count of isLocal(addressOf(request)) ? [starts] : [starts, fromAddress]) {
      const limit = await count(request)
      if (isOver(limit)) throw tooMany('Too many answers were started.', limit)
    }
  })
  app.decorate('reads', async (request: FastifyRequest) => {
    if (identityOf(request).quota === undefined) return
    const limit = await reads(request)
    if (isOver(limit)) throw tooMany('Too many answers were read.', limit)
  })
  app.decorate('seat', createSeats(options))
})

const isOver = (limit: Awaited<ReturnType<Counter>>): limit is Told =>
  !limit.isAllowed && limit.isExceeded

const tooMany = (what: string, { ttlInSeconds }: Told): ChatError =>
  new ChatError('rate_limited', `${what} Wait a moment and retry.`, { retryAfter: ttlInSeconds })
