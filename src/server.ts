/** Start: config → app → listen; SIGTERM → drain → close. The only file with effects at import. */
import closeWithGrace from 'close-with-grace'
import { type App, buildApp } from './app.ts'
import { type Config, readConfig } from './config.ts'

/** Beyond the drain: closing sockets and the store. */
const CLOSE_MS = 5000

try {
  const config = readConfig()
  const app = await buildApp(config)
  closeWithGrace({ delay: config.DRAIN_TIMEOUT_MS + CLOSE_MS, logger: false }, async ({ err }) => {
    if (err !== undefined) app.server.log.fatal({ err }, 'closing after an error')
    await app.drain()
    await app.server.close()
  })
  // Fastify would log where it listens; people have that from the greeting.
  app.server.log.level = 'warn'
  await app.server.listen({ host: config.HOST, port: config.PORT })
  app.server.log.level = config.LOG_LEVEL
  process.stdout.write(greeting(app, config))
} catch (error) {
  process.stderr.write(`ChatAI did not start. ${sentence(error)}\n`)
  process.exit(1)
}

function greeting({ server, catalogue }: App, { STORE, HOST }: Config): string {
  const [at] = server.addresses()
  const port = typeof at === 'object' ? at.port : at
  const host = HOST.includes(':') ? `[${HOST}]` : HOST
  const ready = catalogue
    .list()
    .filter(model => model.ready)
    .map(({ id }) => id)
  return `ChatAI is at http://${host}:${port} — models ready: ${ready.join(', ')} — store: ${STORE}\n`
}

function sentence(error: unknown): string {
  const { message, code, address, port } = error as NodeJS.ErrnoException & {
    address?: string
    port?: number
  }
  if (code === 'EADDRINUSE') return `Port ${port} is in use: set PORT to another one.`
  if (code === 'EADDRNOTAVAIL') return `HOST ${address} is not an address of this machine.`
  return message
}
