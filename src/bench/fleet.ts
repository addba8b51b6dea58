/** The servers of a run: each is started when it is first asked for, all are ended together. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Host } from './host.ts'
import type { Store } from './options.ts'
import type { Closed } from './order.ts'
import { type Program, type Spec, startProgram } from './processes.ts'
import type { Server } from './run.ts'

export interface Fresh extends Host, Pick<Program, 'collect' | 'end'> {}

export interface Fleet {
  /** Starts it if it does not run. */
  host(server: Server): Promise<Host>
  /** A server that has done nothing yet, for the one who asks, who ends it. */
  fresh(store: Store): Promise<Fresh>
  /** Resolves when the upstream's socket closes before the end of that order's answer. */
  cut(order: number): Promise<Closed>
  /** The number of the next order. */
  next(): number
  /** Ends all programs, the last started first, and removes what they wrote. */
  end(): Promise<void>
}

export interface FleetOptions {
  /** The server that runs already, if there is one. */
  readonly remote?: Host | undefined
  /** What is done with a server before it is handed out. */
  readonly prepare?: (host: Host) => Promise<void>
}

/** Starts nothing yet. */
export function createFleet({ remote, prepare }: FleetOptions = {}): Fleet {
  const folder = mkdtempSync(join(tmpdir(), 'chatai-bench-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  // A second Ctrl-C does not wait for the end.
  process.once('exit', remove)
  const programs: (() => Promise<void>)[] = []
  const hosts = new Map<Server, Promise<Host>>()
  const cuts = new Map<number, (closed: Closed) => void>()
  let upstream: Promise<Program> | undefined
  let orders = 0
  let files = 0

  async function start(spec: Spec): Promise<Program> {
    return startProgram(spec, end => programs.push(end))
  }

  async function startUpstream(): Promise<Program> {
    const program = await start({ file: 'upstream.ts', side: 'load' })
    program.child.on('message', (closed: Closed) => {
      cuts.get(closed.id)?.(closed)
      cuts.delete(closed.id)
    })
    writeFileSync(models, JSON.stringify([modelAt(program.url)]))
    return program
  }

  async function startServer(server: Exclude<Server, 'remote'>): Promise<Program> {
    const { url } = await (upstream ??= startUpstream())
    if (server === 'direct') return upstream
    if (server !== 'memory' && server !== 'sqlite') {
      return start({ ...baselines[server], args: [url.origin, server], side: 'server' })
    }
    const store = server === 'memory' ? server : `sqlite:${join(folder, `${++files}.db`)}`
    // The second server of a run starts in two thirds of the time.
    const NODE_COMPILE_CACHE = join(folder, 'compiled')
    const env = { ...settings, STORE: store, MODELS_FILE: models, NODE_COMPILE_CACHE }
    return start({ file: '../server.ts', env, side: 'server' })
  }

  async function begin(server: Server): Promise<Host> {
    if (server !== 'remote') {
      const host = { server, url: (await startServer(server)).url, model: undefined }
      await prepare?.(host)
      return host
    }
    if (remote === undefined) throw new Error('There is no remote server: give its --base-url.')
    return remote
  }

  const models = join(folder, 'models.json')
  return {
    host(server) {
      const running = hosts.get(server) ?? begin(server)
      hosts.set(server, running)
      return running
    },
    async fresh(store) {
      return { ...(await startServer(store)), server: store, model: undefined }
    },
    cut: order => new Promise(resolve => cuts.set(order, resolve)),
    next: () => ++orders,
    async end() {
      for (const end of programs.toReversed()) await end()
      process.off('exit', remove)
      remove()
    },
  }
}

/** `deflate` is told from `raw` by the name it is given as an argument. */
const baselines = {
  raw: { file: 'baselines/raw.ts' },
  deflate: { file: 'baselines/raw.ts' },
  http2: { file: 'baselines/http2.ts' },
  obvious: { file: 'baselines/obvious.ts' },
} as const

/** Nothing refuses the load; all else is as it comes. */
const settings = {
  PORT: '0',
  DEFAULT_MODEL: 'bench',
  RATE_LIMIT_PER_MINUTE: '1000000000',
  MAX_GENERATIONS: '1000000',
  LOG_LEVEL: 'error',
}

const modelAt = (url: URL): object => ({
  id: 'bench',
  label: 'Bench',
  baseURL: new URL('/v1', url).href,
  model: 'bench',
  contextWindow: 100_000,
  prefix: 'prompt',
})
