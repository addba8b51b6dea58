/**
 * The socket of `?format=text`, which the page of the article speaks: bare text out, messages in,
 * one conversation a socket, and closing it stops what it started.
 */
import { ChatError } from '../core/errors.ts'
import { type Failed, type Line, decode } from '../core/event.ts'
import { plain } from './plain.ts'
import { type Session, type SessionParts, createSession } from './session.ts'
import { statusOf } from './status.ts'
import type { Command } from './wire.ts'

/** The id of a start in the article's own form, which has none and gets no `accepted`. */
export const NO_ID = 'plain'

/** What a close frame can carry; our messages are ASCII. */
const REASON_LENGTH = 123

type Start = Extract<Command, { type: 'start' }>

export function createPlainSession(parts: Omit<SessionParts, 'frames'>): Session {
  const { socket, life } = parts
  const chat = parts.chat(parts.request)
  let conversation: string | undefined
  // What this socket started and has not heard the end of, the newest last.
  const own = new Set<string>()

  const session = createSession({
    ...parts,
    frames(lines) {
      const { text, end } = plain(lines)
      if (end !== undefined) own.delete(generationOf(lines))
      // A failure has no text: it ends the socket, with its reason, after what was said before.
      if (end?.type === 'failed') queueMicrotask(() => fail(end))
      return text === '' ? [] : [text]
    },
    started: generation => own.add(generation),
    reply(message) {
      if (message.type === 'rejected' || message.id !== NO_ID) parts.reply(message)
    },
  })

  function fail({ code, message }: Failed): void {
    socket.close(statusOf[code].close, message.slice(0, REASON_LENGTH))
  }

  /** Stop what this socket started, but for one. */
  async function stop(but?: string): Promise<void> {
    for (const generation of own) {
      if (generation === but) continue
      own.delete(generation)
      await chat.stop(generation).catch(ignoreGone)
    }
  }
  life.signal.addEventListener('abort', () => void stop(), { once: true })

  /** A message without a place of its own goes on with the conversation of the socket. */
  async function converse(command: Start): Promise<void> {
    const place = await placeOf(command)
    // A new message takes the word from the answer that is being written.
    if (place !== undefined) await stop()
    await session.handle(place === undefined ? command : { ...command, conversation: place })
    const newest = [...own].at(-1)
    if (newest !== undefined) {
      await stop(newest)
      const made = await chat.generation(newest).catch(ignoreGone)
      conversation = made?.conversation ?? conversation
    }
    if (life.signal.aborted) await stop()
  }

  /** Undefined where there is nothing to go on with, or the command will be refused anyway. */
  async function placeOf(command: Start): Promise<string | undefined> {
    const { message, model = command.modelType } = command
    if (message === undefined || command.conversation !== undefined) return undefined
    if (model !== undefined && chat.models().find(model)?.ready !== true) return undefined
    if (conversation === undefined) return undefined
    return (await chat.conversation(conversation).catch(ignoreGone))?.id
  }

  return {
    reject: (id, error) => session.reject(id, error),
    async handle(command) {
      const silent = command.type === 'start' && command.id === NO_ID
      await (silent ? converse(command) : session.handle(command)).catch(error =>
        session.reject(command.id, error),
      )
    },
  }
}

const generationOf = ([line]: readonly Line[]): string =>
  line === undefined ? '' : decode(line).generation

/** A conversation may be deleted from elsewhere, with its answers: then there is nothing to stop. */
function ignoreGone(error: unknown): undefined {
  if (error instanceof ChatError && error.code === 'not_found') return undefined
  throw error
}
