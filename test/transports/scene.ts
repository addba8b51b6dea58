/** What the laws of a stream are proved on: the real app, a fake model, one transport. */
import type { Test } from 'tap'
import { type Built, build } from '../support/app.ts'
import { type Upstream, startUpstream } from '../support/upstream.ts'
import type { Refused } from '../support/wire.ts'
import { type Wire } from '../support/wire.ts'

export interface Scene {
  readonly app: Built
  readonly upstream: Upstream
  readonly wire: Wire
}

export type OpenScene = (t: Test, env?: Record<string, string>) => Promise<Scene>
export type Law = (t: Test, scene: OpenScene) => void

export const HELLO = { message: 'Hello?' }

/** A step of the fake model that never ends. */
export const forever = new Promise<never>(() => {})

/** The command is refused, and with that code. */
export async function refused(t: Test, command: Promise<unknown>, code: string): Promise<Refused> {
  const error = await command.then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  )
  t.match(error, { code }, `${code}: ${String(error)}`)
  return error as Refused
}

export function setting(open: (t: Test, url: string) => Wire): OpenScene {
  return async (t, env = {}) => {
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream, env })
    return { app, upstream, wire: open(t, app.url) }
  }
}
