/** Who takes a seat, and who gives it back, without a server around it. */
import { EventEmitter } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import t from 'tap'
import { createSeats } from '../../src/plugins/seats.ts'

/** Clients of one address; each asks over a stream of its own. */
function hall(sockets: number, socketsPerAddress = sockets) {
  const seat = createSeats({ sockets, socketsPerAddress })
  return (stream: EventEmitter): string => {
    const request = { ws: false, ip: '192.0.2.1' } as FastifyRequest
    let said = 'nothing'
    seat(request, { raw: stream } as unknown as FastifyReply, error => {
      said = error?.message ?? 'seated'
    })
    return said
  }
}

const stream = (destroyed = false): EventEmitter => Object.assign(new EventEmitter(), { destroyed })

t.test('a seat is free again once its stream has closed', async t => {
  const ask = hall(1)
  const first = stream()
  t.equal(ask(first), 'seated')
  t.match(ask(stream()), /^Too many connections are open/)
  first.emit('close')
  t.equal(ask(stream()), 'seated')
})

t.test('who has left before being asked takes none, as nobody would give it back', async t => {
  const ask = hall(1)
  t.equal(ask(stream(true)), 'seated')
  t.equal(ask(stream()), 'seated')
})

t.test('one address has no more than its share', async t => {
  const ask = hall(10, 2)
  t.equal(ask(stream()), 'seated')
  t.equal(ask(stream()), 'seated')
  t.match(ask(stream()), /from your address/)
})
