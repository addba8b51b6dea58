/**
 * The proxies of the READMEs, as their configurations stand there, with the real programs where they
 * are installed: what the doctor says through them, and an answer over the restart of a proxy.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { checkIdle } from '../src/doctor/idle.ts'
import { checkResume } from '../src/doctor/resume.ts'
import { checkStream } from '../src/doctor/stream.ts'
import { checkUpgrade } from '../src/doctor/upgrade.ts'
import { openLink } from '../web/link/link.ts'
import { build } from './support/app.ts'
import { folderFor } from './support/folder.ts'

/** Programs by the name of their configuration, and how each is run in the foreground. */
const programs: Readonly<Record<string, (file: string, folder: string) => string[]>> = {
  nginx: (file, folder) => ['nginx', '-p', folder, '-c', file, '-e', 'stderr', '-g', 'daemon off;'],
  haproxy: file => ['haproxy', '-db', '-f', file],
  caddy: file => ['caddy', 'run', '--adapter', 'caddyfile', '--config', file],
}

/** What stands around the part that the README shows. */
const whole: Readonly<Record<string, (text: string, folder: string) => string>> = {
  nginx: (text, folder) => `
    pid ${folder}/pid;
    events {}
    http { access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder};
      fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
      ${text} }`,
  haproxy: text => text,
  caddy: text => `{\n  admin off\n  auto_https off\n}\n${text}`,
}

function shown(file: string): Record<string, string> {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
  const found = text.matchAll(/<!-- proxy: (\w+) -->\n```\w+\n([\s\S]*?)```/g)
  return Object.fromEntries([...found].map(([, name = '', code = '']) => [name, code]))
}

const configs = shown('README.md')

interface Proxy {
  readonly url: string
  restart(): Promise<void>
}

/** Runs it before the server at `url`, on a port of its own. */
async function front(t: Test, name: string, url: string): Promise<Proxy> {
  const folder = folderFor(t)
  const port = await freePort()
  const text = (configs[name] ?? '')
    .replaceAll('127.0.0.1:8080', new URL(url).host)
    .replace('listen 80', `listen 127.0.0.1:${port}`)
    .replace('bind :80', `bind 127.0.0.1:${port}`)
    .replace('http://chat.example.com', `http://127.0.0.1:${port}`)
  const file = join(folder, 'config')
  writeFileSync(file, whole[name]?.(text, folder) ?? '')
  const [command = '', ...args] = programs[name]?.(file, folder) ?? []
  const env = { ...process.env, HOME: folder }
  let child: ChildProcess
  const start = (): Promise<void> => {
    child = spawn(command, args, { stdio: 'ignore', env })
    return listening(port)
  }
  const end = async (): Promise<void> => {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }
  await start()
  t.teardown(end)
  const restart = async (): Promise<void> => {
    await end()
    await start()
  }
  return { url: `http://127.0.0.1:${port}/`, restart }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Resolves when somebody accepts there. */
async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1')
    const accepted = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (accepted) return
    await sleep(50)
  }
  throw new Error(`nobody listens on ${port}`)
}

t.test('both READMEs show the same configurations', async t => {
  t.same(Object.keys(configs).sort(), Object.keys(programs).sort())
  t.same(shown('README.zh-CN.md'), configs)
})

for (const name of Object.keys(programs)) {
  const missing = spawnSync(name, ['-v']).error !== undefined
  t.test(`through ${name}`, { skip: missing && `${name} is not installed` }, async t => {
    // Heartbeats far below the patience of the proxy, as they are when nothing is set.
    const { url } = await build(t, { env: { HEARTBEAT_MS: '1000' } })
    const proxy = await front(t, name, url)

    await t.test('the doctor finds nothing wrong', async t => {
      const visit = { base: new URL(proxy.url), key: undefined, model: 'demo' }
      const found = [
        ...(await checkStream(visit)),
        ...(await checkResume(visit)),
        await checkUpgrade(visit),
        ...(await checkIdle(visit, 3)),
      ]
      t.same(
        found.filter(({ health }) => health !== 'well'),
        [],
      )
      t.equal(found.length, 7)
    })

    for (const transport of ['sse', 'websocket'] as const) {
      await t.test(`an answer over ${transport} goes on after a restart of it`, async t => {
        const over = new AbortController()
        t.teardown(() => over.abort())
        const pace = { baseMs: 20, capMs: 200 }
        const link = openLink(transport, { base: proxy.url, signal: over.signal, pace })
        const generation = await link.start({ message: 'count to 60' })
        const seqs: number[] = []
        let restarted: Promise<void> | undefined
        for await (const items of link.events(generation, 0)) {
          seqs.push(...items.map(({ seq }) => seq))
          if (seqs.length > 20) restarted ??= proxy.restart()
        }
        await restarted
        t.ok(seqs.length > 100)
        t.same(
          seqs,
          seqs.map((_, i) => i + 1),
        )
      })
    }
  })
}
