/** The programs of a run: each a process of its own, the servers apart from all that loads them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Program {
  readonly url: URL
  readonly child: ChildProcess
  /** Has it throw away what nobody holds; resolves with the resident bytes of what is held. */
  collect(): Promise<number>
  end(): Promise<void>
}

/** What a process has used so far. */
export interface Usage {
  /** Processor time, all threads. */
  readonly cpuMs: number
  /** Resident memory. */
  readonly rssBytes: number
}

/** Of this machine, whichever of them this process has later. */
export const cores = availableParallelism()
const SERVER = '0'
const LOAD = cores > 2 ? `1-${cores - 1}` : '1'

/** Whether a program can be given a processor of its own here. */
export const pinned =
  cores > 1 &&
  process.platform === 'linux' &&
  // Not every container may use the first processors.
  [SERVER, LOAD].every(side => spawnSync('taskset', ['-c', side, 'true']).status === 0)

/** This process takes the load's side. */
export function pinLoad(): void {
  if (pinned) spawnSync('taskset', ['-acp', LOAD, String(process.pid)])
}

const LEASH = new URL('leash.ts', import.meta.url).href

export interface Spec {
  /** Relative to this folder. */
  readonly file: string
  readonly args?: readonly string[]
  /** All of its environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly side: 'server' | 'load'
}

/**
 * Starts a program; resolves once it has printed where it listens. `begun` hears of the process
 * before that, so that no other has to outlive an interruption.
 */
export async function startProgram(
  { file, args = [], env = {}, side }: Spec,
  begun: (end: () => Promise<void>) => void = () => undefined,
): Promise<Program> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--import', LEASH]
  const pin = pinned ? ['taskset', '-c', side === 'server' ? SERVER : LOAD] : []
  const [command = '', ...rest] = [...pin, ...node, path, ...args]
  const child = spawn(command, rest, {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C goes to this process alone, which ends the others in their order.
    detached: true,
  })
  child.on('error', () => undefined)
  begun(() => end(child))
  return {
    url: await address(child, file),
    child,
    collect: () => collect(child),
    end: () => end(child),
  }
}

async function collect(child: ChildProcess): Promise<number> {
  const collected = once(child, 'message')
  child.send('collect')
  const [rssBytes] = (await collected) as [number]
  return rssBytes
}

async function address(child: ChildProcess, file: string): Promise<URL> {
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error(`${file} has no output to read.`)
  let said = ''
  stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
  for await (const line of createInterface({ input: stdout })) {
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0]
    if (url === undefined) continue
    stdout.resume()
    return new URL(url)
  }
  throw new Error(`${file} did not start. ${said.trim()}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** Asks a server what it has used; NaN for what it does not tell. */
export async function usageOf(url: URL, get: Get = getText): Promise<Usage> {
  const text = await get(new URL('/metrics', url))
  const figure = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
  return {
    cpuMs: figure('process_cpu_seconds_total') * 1000,
    rssBytes: figure('process_resident_memory_bytes'),
  }
}

export type Get = (url: URL) => Promise<string>

const getText: Get = async url => (await fetch(url)).text()
