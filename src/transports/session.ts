/** One WebSocket client: its commands, its replies and the logs it reads. */
import type { FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { Attachment } from '../core/chat.ts'
import { asChatError } from '../core/errors.ts'
import type { Line } from '../core/event.ts'
import { type Outlet, deliver } from './deliver.ts'
import { toFrames } from './frames.ts'
import { type Lifetime, within } from './lifetime.ts'
import type { Parts } from './parts.ts'
import { measure, readStart } from './start.ts'
import { close, statusOf } from './status.ts'
import type { Command, Reply } from './wire.ts'

export interface SessionParts extends Parts {
  readonly socket: WebSocket
  readonly request: FastifyRequest
  /** Of the whole socket. */
  readonly life: Lifetime
  /** The text frames of a batch. */
  readonly frames: (lines: readonly Line[]) => readonly string[]
  readonly reply: (reply: Reply) => void
  /** A start of this socket was taken. */
  readonly started?: (generation: string) => void
}

export interface Session {
  /** Do what was asked and reply; never rejects. */
  handle(command: Command): Promise<void>
  reject(id: string | null, error: unknown): void
}

type Named<T extends Command['type']> = Extract<Command, { type: T }>
type Target = { readonly id: string; readonly generation: string }

/** A reader that does not read yet. */
type Attached = Pick<Attachment, 'ended'> & { readonly read: () => void }

/** Commands on one generation that have no reply yet. */
interface Gate {
  pending: number
  readonly opened: PromiseWithResolvers<void>
}

export function createSession(parts: SessionParts): Session {
  const { socket, life, request, reply } = parts
  const chat = parts.chat(request)
  const readers = new Map<string, Lifetime>()
  const gates = new Map<string, Gate>()

  const accept = ({ id, generation }: Target): void => reply({ id, type: 'accepted', generation })

  function outlet(generation: string): Outlet {
    const sink = request.raw.socket
    return {
      sink,
      ready: () => gates.get(generation)?.opened.promise,
      write(lines) {
        const texts = parts.frames(lines)
        // Behind a close frame nothing may follow.
        if (texts.length === 0 || socket.readyState !== socket.OPEN) return
        const frames = toFrames(texts)
        parts.traffic.sent('websocket', lines.length, frames.length)
        sink.write(frames)
      },
    }
  }

  /** Attach; `read` begins to read. A second attach takes the place of the first. */
  async function attach(generation: string, after: number): Promise<Attached> {
    const reader = within(life.signal)
    const { signal } = reader
    const { lines, ended } = await chat.attach(generation, after, signal).catch(error => {
      reader.end()
      throw error
    })
    readers.get(generation)?.end()
    readers.set(generation, reader)
    parts.traffic.attached('websocket', after)
    // The reply and what the log has already leave in one write; over HTTP Node does the same.
    request.raw.socket.cork()
    setImmediate(() => request.raw.socket.uncork())
    const read = (): void => {
      void deliver(lines, outlet(generation), { ...parts.patience, signal })
        .then(end => end === 'slow' && socket.close(close.tooSlow, 'attach again at your last seq'))
        .catch(error => lose(generation, error))
        .finally(() => {
          reader.end()
          parts.traffic.left('websocket')
          if (readers.get(generation) === reader) readers.delete(generation)
        })
    }
    return { ended, read }
  }

  /** The log is gone or cannot be read: the client comes back and is told why. */
  function lose(generation: string, error: unknown): void {
    request.log.warn({ err: error, generation }, 'delivery failed')
    socket.close(statusOf[asChatError(error).code].close, 'the log cannot be read, attach again')
  }

  /** Hold back a generation's events until the command that causes them has its reply. */
  async function gated(target: Target, act: () => Promise<unknown>): Promise<void> {
    const { generation } = target
    const gate = gates.get(generation) ?? { pending: 0, opened: Promise.withResolvers<void>() }
    gates.set(generation, gate)
    gate.pending++
    try {
      await act()
      accept(target)
    } finally {
      gate.pending--
      if (gate.pending === 0) {
        gates.delete(generation)
        gate.opened.resolve()
      }
    }
  }

  const acts: { [T in Command['type']]: (command: Named<T>) => Promise<void> } = {
    async start({ id, type: _type, ...body }) {
      const asked = readStart(body, parts.bounds)
      await parts.admit(request)
      const generation = await chat.start(asked)
      parts.started?.(generation)
      const { read } = await attach(generation, 0)
      accept({ id, generation })
      read()
    },
    async attach({ id, generation, after = 0 }) {
      await parts.reads(request)
      const { ended, read } = await attach(generation, after)
      // What HTTP says by 204.
      reply({ id, type: 'accepted', generation, ...(ended && { ended }) })
      read()
    },
    async detach(command) {
      const reader = readers.get(command.generation)
      if (reader === undefined) await chat.seek(command.generation)
      reader?.end()
      accept(command)
    },
    stop: command => gated(command, () => chat.stop(command.generation)),
    update({ id, type: _type, generation, ...change }) {
      return gated({ id, generation }, async () => {
        measure([change.params?.system ?? ''], parts.bounds)
        await parts.admit(request)
        await chat.update(generation, change)
      })
    },
  }

  function reject(id: string | null, thrown: unknown): void {
    const { code, message, retryAfter, cause } = asChatError(thrown)
    if (code === 'internal') {
      request.server.faulted()
      request.log.error({ err: cause }, 'command failed')
    } else if (code === 'overloaded' && cause !== undefined)
      request.log.warn({ err: cause }, 'refused')
    reply({ id, type: 'rejected', code, message, ...(retryAfter !== undefined && { retryAfter }) })
  }

  return {
    async handle(command) {
      const act = acts[command.type] as (command: Command) => Promise<void>
      await act(command).catch(error => reject(command.id, error))
    },
    reject,
  }
}
