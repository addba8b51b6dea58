/** The server in a process of its own, with a probe in it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Look } from './probe.ts'

const SERVER = fileURLToPath(new URL('../../src/server.ts', import.meta.url))
const PROBE = new URL('probe.ts', import.meta.url).href

export interface Subject {
  readonly url: string
  /** Every line that it has logged so far. */
  readonly log: readonly string[]
  /** Undefined while it lives, else how it ended. */
  readonly exit: string | undefined
  look(): Promise<Look>
  /** End it as an operator would; its exit code. */
  end(): Promise<number | null>
}

/** Answers that nobody reads end soon, so that all can be quiet in the end. */
const settings = {
  PORT: '0',
  LOG_LEVEL: 'debug',
  HEARTBEAT_MS: '1000',
  ORPHAN_TIMEOUT_MS: '300',
  DRAIN_TIMEOUT_MS: '500',
  DEMO_TOKENS_PER_SECOND: '2000',
  MAX_BODY_BYTES: '65536',
  RATE_LIMIT_PER_MINUTE: '100000000',
}

export async function startSubject(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'chatai-fuzz-'))
  const STORE = `sqlite:${join(folder, 'chatai.db')}`
  const child = fork(SERVER, {
    env: { PATH: process.env['PATH'], STORE, ...settings },
    execArgv: ['--expose-gc', '--import', PROBE],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log: string[] = []
  let exit: string | undefined
  const gone = once(child, 'exit').then(([code, signal]) => {
    exit = `exit ${code}, signal ${signal}`
    rmSync(folder, { recursive: true })
    return code as number | null
  })
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('unreachable: both are pipes')
  createInterface(stderr).on('line', line => log.push(line))
  const greeting = await Promise.race([once(createInterface(stdout), 'line'), gone])
  const url = /http:\/\/\S+/.exec(String(greeting))?.[0]
  if (url === undefined) throw new Error(`it did not start: ${log.join('\n')}`)
  return {
    url,
    log,
    get exit() {
      return exit
    },
    async look() {
      const told = once(child, 'message') as Promise<[Look]>
      child.send('look')
      const [look] = await Promise.race([
        told,
        gone.then(code => Promise.reject(new Error(`exit ${code}`))),
      ])
      return look
    },
    end() {
      child.kill('SIGTERM')
      return gone
    },
  }
}
