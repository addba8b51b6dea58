/** What the laws of a stream are proved on: the real app, a fake model, one transport. */
import { join } from 'node:path'
import type { Test } from 'tap'
import { type Clock, systemClock } from '../../src/core/clock.ts'
import { type Built, build } from '../support/app.ts'
import { folderFor } from '../support/folder.ts'
import { type Upstream, startUpstream } from '../support/upstream.ts'
import type { Refused } from '../support/wire.ts'
import { type Wire } from '../support/wire.ts'

export interface Scene {
  readonly app: Built
  readonly upstream: Upstream
  readonly wire: Wire
}

export type OpenScene = (t: Test, env?: Record<string, string>, clock?: Clock) => Promise<Scene>
export type Law = (t: Test, scene: OpenScene) => void

export const HELLO = { message: 'Hello?' }

/** The command is refused, and with that code. */
export async function refused(t: Test, command: Promise<unknown>, code: string): Promise<Refused> {
  const error = await command.then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  )
  t.match(error, { code }, `${code}: ${String(error)}`)
  return error as Refused
}

/** `STORE` of one of the stores that the laws are proved on; SQLite commits a tick later. */
export function storeOf(t: Test, store: 'memory' | 'sqlite'): string {
  if (store === 'memory') return store
  const folder = folderFor(t)
  return `sqlite:${join(folder, 'chatai.db')}`
}

export function setting(
  open: (t: Test, url: string) => Wire,
  store: 'memory' | 'sqlite',
): OpenScene {
  return async (t, env = {}, clock = systemClock) => {
    const STORE = storeOf(t, store)
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream, clock, env: { STORE, ...env } })
    return { app, upstream, wire: open(t, app.url) }
  }
}
