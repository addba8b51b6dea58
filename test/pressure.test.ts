/** A server that is short of memory or of file descriptors: it refuses, and goes on living. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Step, chunks, end, finish, head, until } from './support/script.ts'
import { startUpstream } from './support/upstream.ts'
import { storeOf } from './transports/scene.ts'

const SERVER = fileURLToPath(new URL('../src/server.ts', import.meta.url))
const MiB = 1024 * 1024

interface Cramped {
  readonly url: string
  readonly pid: number
  readonly exited: Promise<unknown[]>
}

/** The server as a process of its own, started by a shell that has set its limits. */
async function cramped(t: Test, limits: string, env: Record<string, string>): Promise<Cramped> {
  const script = `${limits} exec "$0" $FLAGS "$1"`
  const child = spawn('/bin/sh', ['-c', script, process.execPath, SERVER], {
    env: { PORT: '0', LOG_LEVEL: 'fatal', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const [greeting] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { url: /http:\/\/\S+/.exec(greeting)?.[0] ?? '', pid: child.pid ?? 0, exited }
}

const rss = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

/** A client that takes what comes, or not: it is left open. */
function connected(t: Test, url: string, request = ''): Socket {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  t.teardown(() => socket.destroy())
  socket.write(request)
  return socket
}

const start = (host: string): string =>
  `GET /api/ai/chat/sse?message=count+to+1000000 HTTP/1.1\r\nHost: ${host}\r\n\r\n`

const FIREHOSES = 30
/** Old space is a part of what a process takes: code, buffers, SQLite's cache and stacks are not in it. */
const HEAP_MIB = 192
const MOST = 512 * MiB

/** As much as an answer may be, and more, as fast as it is taken. */
const firehose: Step = async ({ response, socket }) => {
  const text = `data: ${JSON.stringify({ choices: [{ delta: { content: 'x'.repeat(4000) } }] })}\n\n`
  const lump = text.repeat(16)
  while (!socket.destroyed) {
    await new Promise<void>(done => response.write(lump, () => done()))
  }
}

for (const store of ['memory', 'sqlite'] as const) {
  const fact = 'a small heap under thirty firehoses and readers that take nothing is not its end'
  t.test(`${store}: ${fact}`, async t => {
    const upstream = await startUpstream(t)
    const all = Promise.withResolvers<void>()
    upstream.always(head(), until(all.promise), firehose)
    const models = join(t.testdir(), 'models.json')
    const model = { id: 'hose', label: 'Hose', model: 'hose', prefix: 'prompt' }
    const entry = { ...model, baseURL: upstream.baseURL, contextWindow: 1000 }
    writeFileSync(models, JSON.stringify([entry]))
    const FLAGS = `--max-old-space-size=${HEAP_MIB}`
    const STORE = storeOf(t, store)
    const env = { STORE, MODELS_FILE: models, DEFAULT_MODEL: 'hose', FLAGS }
    const server = await cramped(t, '', env)
    const gone = new AbortController()
    void server.exited.then(() => gone.abort())
    const { host } = new URL(server.url)
    for (let i = 0; i < FIREHOSES; i++) connected(t, server.url, start(host)).pause()
    // Once memory is full nobody may start.
    while (upstream.requests.length < FIREHOSES) await new Promise(setImmediate)
    all.resolve()
    let highest = 0
    while (!gone.signal.aborted && upstream.sockets > 0) {
      highest = Math.max(highest, rss(server.pid))
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    t.notOk(gone.signal.aborted, 'it lives')
    t.comment(`${Math.round(highest / MiB)} MiB at most`)
    t.ok(highest < MOST, `${Math.round(highest / MiB)} MiB at most`)
    upstream.always(head(), chunks({ content: 'still here' }), finish(), end)
    const asked = `${server.url}/api/ai/chat/sse?message=hello`
    t.match(await (await fetch(asked)).text(), /still here/)
  })
}

t.test('more connections than file descriptors are survived', async t => {
  const server = await cramped(t, 'ulimit -n 96;', { STORE: storeOf(t, 'sqlite') })
  const { host } = new URL(server.url)
  const sockets = Array.from({ length: 300 }, () => connected(t, server.url, start(host)))
  const answered = sockets.map(socket => once(socket, 'data').then(() => true))
  t.ok(await Promise.any(answered), 'some are served')
  for (const socket of sockets) socket.destroy()
  let served = false
  for (let tries = 0; tries < 100 && !served; tries++) {
    const signal = AbortSignal.timeout(1000)
    served = await fetch(`${server.url}/healthz`, { signal }).then(
      response => response.ok,
      () => false,
    )
  }
  t.ok(served, 'and so are those who come later')
  const asked = `${server.url}/api/ai/chat/sse?message=hello&max_tokens=3`
  t.match(await (await fetch(asked)).text(), /"done"/)
})
