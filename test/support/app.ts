/** The real app on a port of its own, as every test of more than one room uses it. */
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { type App, type AppParts, buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Teardown, Upstream } from './upstream.ts'

export interface Built extends App {
  /** Where it listens, without a slash at the end. */
  readonly url: string
}

export interface BuildOptions extends AppParts {
  /** A fake model server; its model is `fake`, and the default. */
  readonly upstream?: Upstream
  /** Settings as environment variables. */
  readonly env?: Readonly<Record<string, string>>
  /** What of the upstream's entry is special. */
  readonly entry?: object
}

/** Starts it with the memory store unless told, and closes it with the test. */
export async function build(t: Teardown, options: BuildOptions = {}): Promise<Built> {
  const { upstream, env, entry, ...parts } = options
  const config = readConfig({ PORT: '0', STORE: 'memory', LOG_LEVEL: 'fatal', ...env })
  const fake = {
    id: 'fake',
    label: 'Fake',
    baseURL: upstream?.baseURL,
    model: 'fake-1',
    contextWindow: 100_000,
    prefix: 'prompt',
    ...entry,
  }
  const modelsText = upstream === undefined ? config.modelsText : JSON.stringify([fake])
  const app = await buildApp({ ...config, modelsText }, parts)
  t.teardown(() => app.server.close())
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.server.address() as AddressInfo
  return { ...app, url: `http://127.0.0.1:${port}` }
}

/** How many connections the server has open. */
export const connections = ({ server: { server } }: Built): Promise<number> =>
  promisify(server.getConnections.bind(server))()
