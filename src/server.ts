/** Start: config → app → listen; SIGTERM → drain → close. The only file with effects at import. */
import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { parseArgs } from 'node:util'
import closeWithGrace from 'close-with-grace'
import { type App, buildApp } from './app.ts'
import { type Config, isOpen, isPublic, readConfig } from './config.ts'

const OPEN =
  'WARNING: anyone who reaches this machine can use this server and your model keys. Set API_KEYS.\n'

/** A key may be tried out a few times a minute from each address. */
const SHORT = 16
const GUESSABLE = `WARNING: a key of API_KEYS has fewer than ${SHORT} characters and can be guessed. Make one: openssl rand -hex 32\n`

/** Clients that come back at once after a restart: one that finds no place tries again after 1 s. */
const BACKLOG = 4096

/** Beyond the drain: closing sockets and the store. */
const CLOSE_MS = 5000

try {
  const config = readConfig()
  const open = isPublic(config) && isOpen(config)
  if (open && !isInsecure()) throw new Error(unguarded(config))
  const app = await buildApp(config)
  closeWithGrace({ delay: config.DRAIN_TIMEOUT_MS + CLOSE_MS, logger: false }, async ({ err }) => {
    if (err !== undefined) app.server.log.fatal({ err }, 'closing after an error')
    if (app.chat.live > 0) process.stdout.write(farewell(app.chat.live, config))
    await app.drain()
    await app.server.close()
  })
  // Fastify would log where it listens; people have that from the greeting.
  app.server.log.level = 'warn'
  await app.server.listen({ host: config.HOST, port: config.PORT, backlog: BACKLOG })
  app.server.log.level = config.LOG_LEVEL
  process.stdout.write(greeting(app, config))
  if (open) process.stderr.write(OPEN)
  if (isPublic(config) && hasShortKey(config)) process.stderr.write(GUESSABLE)
} catch (error) {
  process.stderr.write(`ChatAI did not start. ${sentence(error)}\n`)
  process.exit(1)
}

/** Throws on any option but the one there is. */
function isInsecure(): boolean {
  const { values } = parseArgs({ options: { insecure: { type: 'boolean', default: false } } })
  return values.insecure
}

function hasShortKey({ API_KEYS }: Config): boolean {
  return API_KEYS.some(entry => entry.slice(entry.indexOf(':') + 1).length < SHORT)
}

function unguarded({ HOST }: Config): string {
  return `With HOST ${HOST} other machines can reach it, and it would let everybody in: set API_KEYS or JWT_JWKS_URL, or start it with --insecure if that is meant.`
}

function farewell(live: number, { DRAIN_TIMEOUT_MS }: Config): string {
  const seconds = Math.ceil(DRAIN_TIMEOUT_MS / 1000)
  return `Answers still being written: ${live}; waiting ${seconds} s at most. Ctrl-C again ends at once.
`
}

function greeting({ server, catalogue }: App, { STORE, HOST }: Config): string {
  const [at] = server.addresses()
  const port = typeof at === 'object' ? at.port : at
  const places = namesOf(HOST).map(name => `http://${isIPv6(name) ? `[${name}]` : name}:${port}`)
  const ready = catalogue
    .list()
    .filter(model => model.ready)
    .map(({ id }) => id)
  return `ChatAI is at ${places.join(' and ')} — models set up: ${ready.join(', ')} — store: ${STORE}\n`
}

/** All addresses are no address to open: this machine's own, and the first that others see, are. */
function namesOf(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host]
  const outer = Object.values(networkInterfaces())
    .flatMap(addresses => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')
  return ['127.0.0.1', ...(outer ? [outer.address] : [])]
}

function sentence(error: unknown): string {
  const { message, code, address, port } = error as NodeJS.ErrnoException & {
    address?: string
    port?: number
  }
  if (code === 'EADDRINUSE') return `Port ${port} is in use: set PORT to another one.`
  if (code === 'ENOTFOUND') return 'HOST is a name that is not known: set it to an address.'
  if (code === 'EADDRNOTAVAIL') return `HOST ${address} is not an address of this machine.`
  return message
}
