import type { Reply } from '../../src/transports/wire.ts'
import { LinkError } from './error.ts'
import type { Line } from './line.ts'

/** The fields of a command beside its id. */
export type Message = Readonly<Record<string, unknown>>

/** What is asked of the server over a line. */
export interface Command {
  /** What to send now: asked again for every connection it is sent on. */
  message(): Message
  /** Called at once, before any event that follows is looked at. */
  accepted?(generation: string): void
}

/** The commands that have no answer yet. */
export interface Commands {
  readonly size: number
  /** Resolves with the generation it is about, rejects with the server's refusal. */
  ask(command: Command, signal: AbortSignal): Promise<string>
  answer(reply: Reply): void
  /** Send all of them on a new connection. */
  resend(): void
  fail(error: LinkError): void
}

interface Asked {
  readonly command: Command
  resolve(generation: string): void
  reject(error: unknown): void
}

export function createCommands(line: Pick<Line, 'send' | 'need' | 'rest'>): Commands {
  const asked = new Map<string, Asked>()
  let count = 0

  const send = (id: string, command: Command): void => line.send({ id, ...command.message() })

  function answer(reply: Reply): void {
    const entry = asked.get(reply.id ?? '')
    if (entry === undefined) return
    asked.delete(reply.id ?? '')
    if (reply.type === 'rejected') entry.reject(new LinkError(reply.code, reply.message, reply))
    else {
      entry.command.accepted?.(reply.generation)
      entry.resolve(reply.generation)
    }
  }

  async function ask(command: Command, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    const id = String(++count)
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const give = (): void => reject(signal.reason)
    asked.set(id, { command, resolve, reject })
    signal.addEventListener('abort', give)
    send(id, command)
    line.need()
    try {
      return await promise
    } finally {
      asked.delete(id)
      signal.removeEventListener('abort', give)
      line.rest()
    }
  }

  return {
    get size() {
      return asked.size
    },
    ask,
    answer,
    resend() {
      for (const [id, { command }] of asked) send(id, command)
    },
    fail(error) {
      for (const entry of asked.values()) entry.reject(error)
    },
  }
}
