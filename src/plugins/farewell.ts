import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** What was written last has so long to leave, and clients to close their side. */
const LINGER_MS = 1000

/**
 * Lets `close` end although clients hold on: Node waits for each connection that has not been
 * closed from the other side, among them those that browsers open ahead of a request and the
 * WebSockets of peers that answer no close frame. Registered last, so that its hook runs last.
 */
export const farewell = fp((app: FastifyInstance, _options: object, done: () => void) => {
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  let lingering: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    lingering = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, LINGER_MS)
  })
  app.addHook('onClose', async () => clearTimeout(lingering))
  done()
})
