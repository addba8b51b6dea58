/** Where and on what a run ran. */
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { cores, pinned } from './processes.ts'
import type { Machine } from './run.ts'

export function describeMachine(): Machine {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores,
    memory: totalmem(),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    chatai: version,
    pinned,
  }
}
