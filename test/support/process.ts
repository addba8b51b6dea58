/** The server as its users run it: a process of its own, on a SQLite file, that can be killed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const SERVER = fileURLToPath(new URL('../../src/server.ts', import.meta.url))

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** The friendly line. */
  readonly greeting: string
  /** What it has said to its operator besides. */
  readonly stderr: string
  /** Send the signal and resolve with the exit code, null where the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

export interface Exit {
  readonly code: number | null
  readonly stderr: string
}

/** Resolves when it listens; rejects with what it said if it does not. */
export async function startProcess(
  env: Record<string, string>,
  args: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [SERVER, ...args], {
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'fatal', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const greeting = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => String(line)),
    exited.then(([code]) => Promise.reject(new Error(`exit ${code}: ${stderr}`))),
  ])
  const url = /http:\/\/\S+/.exec(greeting)?.[0]
  if (url === undefined) throw new Error(`no address in: ${greeting}`)
  return {
    url,
    pid: child.pid ?? 0,
    greeting,
    get stderr() {
      return stderr
    },
    async end(signal) {
      child.kill(signal)
      const [code] = await exited
      return code
    },
  }
}

/** Run a start that is expected to fail. */
export async function failToStart(
  env: Record<string, string>,
  args: readonly string[] = [],
): Promise<Exit> {
  const child = spawn(process.execPath, [SERVER, ...args], {
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stderr }
}
