/**
 * The socket of `?format=text`, which the page of the article speaks: bare text out, messages in,
 * one conversation a socket, and closing it stops the answer.
 */
import type { Failed } from '../core/event.ts'
import { plain } from './plain.ts'
import { type Session, type SessionParts, createSession } from './session.ts'
import { statusOf } from './status.ts'

/** The id of a start in the article's own form, which has none and gets no `accepted`. */
export const NO_ID = 'plain'

/** What a close frame can carry; our messages are ASCII. */
const REASON_LENGTH = 123

export function createPlainSession(parts: Omit<SessionParts, 'frames'>): Session {
  const { chat, socket, life } = parts
  let conversation: string | undefined
  let current: string | undefined

  const session = createSession({
    ...parts,
    frames(lines) {
      const { text, end } = plain(lines)
      if (end !== undefined) current = undefined
      // A failure has no text: it ends the socket, with its reason, after what was said before.
      if (end?.type === 'failed') queueMicrotask(() => fail(end))
      return text === '' ? [] : [text]
    },
    reply(message) {
      if (message.type === 'accepted' && message.id === NO_ID) current = message.generation
      else parts.reply(message)
    },
  })

  function fail({ code, message }: Failed): void {
    socket.close(statusOf[code].close, message.slice(0, REASON_LENGTH))
  }

  const stop = async (): Promise<void> => {
    if (current !== undefined) await chat.stop(current)
  }
  life.signal.addEventListener('abort', () => void stop(), { once: true })

  return {
    reject: (id, error) => session.reject(id, error),
    async handle(command) {
      if (command.type !== 'start' || command.id !== NO_ID) return session.handle(command)
      // A new message takes the word from the answer that is being written.
      await stop()
      const goOn = conversation === undefined ? {} : { conversation }
      await session.handle({ ...goOn, ...command })
      if (current !== undefined)
        conversation = (await chat.generation(current)).conversation ?? undefined
      if (life.signal.aborted) await stop()
    },
  }
}
