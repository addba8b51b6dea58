/** A provider that asks a fake upstream. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { Provider } from '../../src/core/chunk.ts'
import { type OpenAIOptions, createOpenAI } from '../../src/providers/openai.ts'
import { type Ear, type Heard, hear } from '../support/hear.ts'
import type { Step } from '../support/script.ts'
import { type Teardown, type Upstream, startUpstream } from '../support/upstream.ts'

export const KEY = 'sk-secret-0123456789'

export interface Asked {
  readonly upstream: Upstream
  readonly provider: Provider
  /** Ask once; the steps are what the upstream does. */
  readonly ask: (steps?: readonly Step[], ear?: Ear) => Promise<Heard>
}

export function provide(baseURL: string, options: Partial<OpenAIOptions> = {}): Provider {
  // Retries come at once: how long they wait is tested where it is decided.
  return createOpenAI({
    baseURL,
    apiKey: KEY,
    model: 'fake',
    prefix: 'prompt',
    backoffMs: 1,
    ...options,
  })
}

export async function prepare(t: Teardown, options: Partial<OpenAIOptions> = {}): Promise<Asked> {
  const upstream = await startUpstream(t)
  const provider = provide(upstream.baseURL, options)
  return {
    upstream,
    provider,
    ask(steps, ear) {
      if (steps !== undefined) upstream.play(...steps)
      return hear(provider, ear)
    },
  }
}

/** The sockets of this process's clients from now on, and whether each has been closed. */
export function watchSockets(t: Teardown): { socket: Socket; closed: boolean }[] {
  const sockets: { socket: Socket; closed: boolean }[] = []
  const add = (message: unknown): void => {
    const watched = { socket: (message as { socket: Socket }).socket, closed: false }
    // `socket.closed` is true before the file descriptor is.
    watched.socket.once('close', () => (watched.closed = true))
    sockets.push(watched)
  }
  subscribe('net.client.socket', add)
  t.teardown(() => unsubscribe('net.client.socket', add))
  return sockets
}
