import { type Command, type Message, createCommands } from './commands.ts'
import { insist } from './backoff.ts'
import { newKey } from './cursor.ts'
import { createLine } from './line.ts'
import type { Link, Setup } from './types.ts'
import { createReaders } from './readers.ts'

/** The link over one WebSocket for all generations, opened on demand, closed when idle. */
export function openWebSocketLink(setup: Setup): Link {
  const { closing, pace, report } = setup
  // Starts without an answer.
  let starting = 0
  const line = createLine(setup, {
    busy: () => commands.size + readers.size > 0,
    opened() {
      // Attaches that have no answer are among the commands, so these come first.
      commands.resend()
      readers.reattach()
      readers.report('connected')
    },
    heard(message) {
      if (!('seq' in message)) return commands.answer(message)
      line.succeed()
      readers.receive(message)
    },
    lost(state) {
      readers.report(state)
      if (starting > 0) report(state)
    },
    refused(error) {
      commands.fail(error)
      readers.fail(error)
    },
  })
  const commands = createCommands(line)
  const readers = createReaders(setup, line, commands)

  async function tell(message: Message): Promise<void> {
    const command = { message: () => message }
    await insist({ pace, signal: closing }, limit => commands.ask(command, limit))
  }

  return {
    async start(body, signal = closing) {
      const message = { type: 'start', idempotencyKey: newKey(), ...body }
      const command: Command = { message: () => message, accepted: readers.expect }
      const limit = AbortSignal.any([signal, closing])
      starting++
      try {
        return await insist({ pace, signal: limit, report }, limit => commands.ask(command, limit))
      } finally {
        starting--
      }
    },
    events: (generation, after, signal = closing) =>
      readers.events(generation, after, AbortSignal.any([signal, closing])),
    stop: generation => tell({ type: 'stop', generation }),
    update: (generation, change) => tell({ type: 'update', generation, ...change }),
  }
}
