import type { EventEmitter } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ChatError } from '../core/errors.ts'
import { addressOf, isLocal } from './address.ts'

export interface SeatsOptions {
  readonly sockets: number
  readonly socketsPerAddress: number
}

/** A hook of a route. */
export type Seat = (
  request: FastifyRequest,
  reply: FastifyReply,
  next: (error?: Error) => void,
) => void

/** Seconds: one becomes free when an answer ends. */
const RETRY_AFTER = 5

/**
 * Seats for streams and WebSockets together, so that neither is a way around the limit of the
 * other. Refused before anything is started, and before the upgrade.
 */
export function createSeats({ sockets, socketsPerAddress }: SeatsOptions): Seat {
  const taken = new Map<string, number>()
  let all = 0

  function take(address: string, stream: EventEmitter): void {
    all++
    taken.set(address, (taken.get(address) ?? 0) + 1)
    stream.once('close', () => {
      all--
      const left = (taken.get(address) ?? 1) - 1
      if (left === 0) taken.delete(address)
      else taken.set(address, left)
    })
  }

  return (request, reply, next) => {
    const address = addressOf(request)
    const stream = request.ws ? request.raw.socket : reply.raw
    // Who has left by now would never give it back.
    if (stream.destroyed) return next()
    if (all >= sockets) return next(full('Too many connections are open.'))
    if (!isLocal(address) && (taken.get(address) ?? 0) >= socketsPerAddress) {
      return next(full('Too many connections from your address are open. Close some.'))
    }
    take(address, stream)
    return next()
  }
}

const full = (what: string): ChatError =>
  new ChatError('overloaded', `${what} Retry in a moment.`, { retryAfter: RETRY_AFTER })
