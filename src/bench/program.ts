/** What the server programs of the bench have in common. */
import type { AddressInfo, Server } from 'node:net'

/** Listen on a free port of loopback and print the address. */
export function announce(server: Server): void {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
  })
}

/** What this process has used, under the names that the server's own `/metrics` gives them. */
export function usage(): string {
  const { user, system } = process.cpuUsage()
  return `process_cpu_seconds_total ${(user + system) / 1e6}\nprocess_resident_memory_bytes ${process.memoryUsage.rss()}\n`
}
