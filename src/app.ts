/** The composition root: every room is wired here, and tests build the same app. */
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { getHeapStatistics } from 'node:v8'
import type { FastifyInstance } from 'fastify'
import { bequeath, heirOf } from './app/bequeath.ts'
import { type Credentials, guard, readCredentials, signing } from './app/guard.ts'
import { type LogSink, createServer } from './app/server.ts'
import { type Config, isOpen } from './config.ts'
import { type Chats, createChat } from './core/chat.ts'
import type { Catalogue } from './core/chunk.ts'
import { type Clock, soberDate, systemClock } from './core/clock.ts'
import type { Store } from './core/conversation.ts'
import type { Limits } from './core/live.ts'
import { recover } from './core/recover.ts'
import { ambiguous } from './plugins/ambiguous.ts'
import { identityOf } from './plugins/auth.ts'
import { benchmark } from './plugins/benchmark.ts'
import { errors } from './plugins/errors.ts'
import { farewell } from './plugins/farewell.ts'
import { health } from './plugins/health.ts'
import { type Meter, createMeter } from './plugins/meter.ts'
import { metrics } from './plugins/metrics.ts'
import { methods } from './plugins/methods.ts'
import { openapi } from './plugins/openapi.ts'
import { page } from './plugins/page.ts'
import { sockets } from './plugins/sockets.ts'
import { upgrade } from './plugins/upgrade.ts'
import { createCatalogue } from './providers/catalogue.ts'
import { createDemo } from './providers/demo.ts'
import { parseEntries } from './providers/entry.ts'
import { report } from './report.ts'
import { createMemoryStore } from './stores/memory.ts'
import { openSqliteStore } from './stores/sqlite.ts'
import { namedFiles } from './transports/conversation-file.ts'
import { description } from './transports/description.ts'
import { type Connections, createConnections } from './transports/lifetime.ts'
import { rest } from './transports/rest.ts'
import { sse } from './transports/sse.ts'
import { namedViews } from './transports/views.ts'
import { websocket } from './transports/websocket.ts'
import { namedSchemas } from './transports/wire.ts'

/** What a test may bring of its own. */
export interface AppParts {
  readonly store?: Store
  readonly catalogue?: Catalogue
  readonly clock?: Clock
  /** Where the last benchmark is; by default where `npm run bench` writes it. */
  readonly benchmarks?: string
  /** Where the log goes; standard error by default, so that standard output is for people. */
  readonly logTo?: LogSink
}

export interface App {
  readonly server: FastifyInstance
  readonly chat: Chats
  readonly catalogue: Catalogue
  /** Take no new starts, let live answers end, end the rest; then `server.close()`. */
  drain(): Promise<void>
}

const API = '/api/ai'
const VERSION = '0.1.0'
const PAGE = fileURLToPath(new URL('../dist/web', import.meta.url))

/** Expired logs are looked for this often. */
const SWEEP_MS = 60_000

/**
 * The whole server, not yet listening. What a crash left open is ended first. `server.close()` lets
 * go of all: sockets, timers, the store. Throws an Error of one sentence on a bad setting or file.
 */
export async function buildApp(config: Config, parts: AppParts = {}): Promise<App> {
  const clock = parts.clock ?? systemClock
  const catalogue = parts.catalogue ?? buildCatalogue(config)
  const credentials = await readCredentials(config, clock)
  const heir = heirOf(credentials.ring, config.KEYLESS_HEIR)
  const server = createServer(config, parts.logTo)
  const { meter, registry } = createMeter()
  server.decorate('faulted', meter.faulted)
  const store = parts.store ?? openStore(config, meter)
  await recover(store)
  await bequeath(store, { heir, owners: !isOpen(config), log: server.log })
  const chat = createChat({
    store,
    catalogue,
    clock,
    newId: kind => `${kind}_${randomBytes(16).toString('base64url')}`,
    observe: life => report(life, server.log, meter),
    gap: meter.gap,
    limits: limitsOf(config),
  })
  await furnish(server, config, credentials)
  await server.register(benchmark, { folder: parts.benchmarks ?? 'bench-results' })
  await server.register(health, { draining: () => chat.draining })
  await server.register(metrics, { live: () => chat.live, registry })
  const connections = await serve(server, config, { chat, clock, meter })
  server.refuseOtherMethods()
  keep(server, store, { config, clock })
  server.addHook('preClose', async () => {
    // Without a drain before, nothing is waited for: what is live ends as interrupted.
    await chat.drain(0)
    connections.dismiss()
  })
  server.addHook('onClose', () => store.close())
  await server.register(farewell)
  return { server, chat, catalogue, drain: () => chat.drain(config.DRAIN_TIMEOUT_MS) }
}

/** All that a request passes before it comes to a transport, in this order. */
async function furnish(
  server: FastifyInstance,
  config: Config,
  credentials: Credentials,
): Promise<void> {
  await server.register(errors)
  await server.register(sockets, { bytes: config.MAX_BODY_BYTES })
  await server.register(ambiguous)
  await guard(server, config, credentials)
  await server.register(upgrade, { path: `${API}/chat/websocket` })
  await server.register(methods)
  await server.register(openapi, { description, version: VERSION })
  for (const schema of [...namedSchemas, ...namedViews, ...namedFiles]) server.addSchema(schema)
  await signing(server, config, { ...credentials, path: `${API}/session` })
  await server.register(page, { root: PAGE })
}

/** The transports, and the connections that they will have open. */
async function serve(
  server: FastifyInstance,
  config: Config,
  { chat, clock, meter }: { chat: Chats; clock: Clock; meter: Meter },
): Promise<Connections> {
  const connections = createConnections({
    clock,
    lifetimeMs: config.CONNECTION_LIFETIME_MS,
    random: Math.random,
  })
  const transport = { ...settingsOf(config), connections, traffic: meter.traffic }
  for (const route of [sse, websocket, rest]) {
    await server.register(route, {
      ...transport,
      chat: request => chat.as(identityOf(request)),
      lasts: request => identityOf(request).lasts(clock.date()),
      admit: request => server.admit(request),
      reads: request => server.reads(request),
      seat: server.seat,
      prefix: API,
    })
  }
  return connections
}

/** Sweep out what is past its time. */
function keep(
  server: FastifyInstance,
  store: Store,
  { config, clock }: { config: Config; clock: Clock },
): void {
  const date = soberDate(clock)
  let cancel = clock.after(SWEEP_MS, sweep)
  function sweep(): void {
    const policy = { before: date() - config.RETENTION_MS, bytes: config.RETENTION_BYTES }
    store.sweep(policy).catch(error => server.log.error({ err: error }, 'sweep failed'))
    cancel = clock.after(SWEEP_MS, sweep)
  }
  server.addHook('preClose', async () => cancel())
}

const limitsOf = (config: Config): Limits => ({
  firstByteMs: config.FIRST_BYTE_TIMEOUT_MS,
  idleMs: config.IDLE_TIMEOUT_MS,
  orphanMs: config.ORPHAN_TIMEOUT_MS,
  outputBytes: config.MAX_OUTPUT_BYTES,
  logBytes: config.MAX_LOG_BYTES,
  liveBytes: config.MAX_LIVE_BYTES ?? getHeapStatistics().heap_size_limit / 16,
  generations: config.MAX_GENERATIONS,
  generationsPerClient: config.MAX_GENERATIONS_PER_KEY,
  turns: config.MAX_TURNS,
})

const settingsOf = (config: Config) => ({
  patience: { bufferBytes: config.MAX_BUFFER_BYTES, slowMs: config.SLOW_CLIENT_TIMEOUT_MS },
  heartbeatMs: config.HEARTBEAT_MS,
  importBytes: config.MAX_IMPORT_BYTES,
  bounds: {
    messages: config.MAX_MESSAGES,
    textChars: config.MAX_MESSAGE_CHARS,
    allChars: config.MAX_CONTEXT_CHARS,
  },
  commands: { perSecond: config.COMMANDS_PER_SECOND, burst: config.COMMANDS_BURST },
})

function openStore({ STORE, MEMORY_STORE_BYTES: maxBytes }: Config, { committed }: Meter): Store {
  return STORE === 'memory'
    ? createMemoryStore(maxBytes === undefined ? {} : { maxBytes })
    : openSqliteStore({ file: STORE.slice('sqlite:'.length), committed })
}

function buildCatalogue(config: Config): Catalogue {
  return createCatalogue({
    openaiModel: config.OPENAI_MODEL,
    deepseekModel: config.DEEPSEEK_MODEL,
    localModel: config.LOCAL_MODEL,
    localBaseURL: config.LOCAL_BASE_URL,
    entries: config.modelsText === undefined ? [] : parseEntries(config.modelsText),
    keys: config.key,
    demo: createDemo({ tokensPerSecond: config.DEMO_TOKENS_PER_SECOND }),
    preferred: config.DEFAULT_MODEL,
  })
}
