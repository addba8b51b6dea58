import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import type { Test } from 'tap'

/** A cable between a browser and a server that can be pulled out and put back. */
export interface Cable {
  readonly url: string
  /** Every connection breaks, and none is made until `mend`. */
  cut(): void
  mend(): void
  /**
   * Every connection stays open and says nothing any more; new ones work. One over which something is
   * sent breaks: a browser may have kept an idle one for its next request.
   */
  hush(): void
}

export async function openCable(t: Test, to: string): Promise<Cable> {
  const { hostname, port } = new URL(to)
  const sockets = new Set<Socket>()
  const clients = new Set<Socket>()
  let whole = true
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A cut socket says ECONNRESET, which is what cutting is.
    socket.on('error', () => socket.destroy())
  }
  const server = createServer(client => {
    keep(client)
    clients.add(client)
    client.on('close', () => clients.delete(client))
    if (whole) {
      const upstream = connect(Number(port), hostname)
      keep(upstream)
      client.pipe(upstream).pipe(client)
    } else client.destroy()
  })
  const cut = (): void => {
    whole = false
    for (const socket of sockets) socket.destroy()
  }
  const hush = (): void => {
    for (const socket of sockets) socket.unpipe().pause()
    for (const client of clients) client.on('data', () => client.destroy()).resume()
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    cut()
    server.close()
  })
  const { port: own } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${own}`, cut, mend: () => void (whole = true), hush }
}
