/** A text frame of a socket → the command that it is. All that is wrong with it is `invalid_request`. */
import type { FastifyRequest } from 'fastify'
import { ChatError } from '../core/errors.ts'
import { explain } from './invalid.ts'
import { NO_ID } from './plain-session.ts'
import { type Command, commands } from './wire.ts'

/** What a frame says, whatever that is. */
export function readJson(frame: string): unknown {
  const said = parse(frame)
  if (said === undefined) throw notJson()
  return said
}

/** Plain mode: what is not a JSON object is a message; an object without a type is a start. */
export function readPlain(frame: string): unknown {
  const said = parse(frame)
  if (!isObject(said)) return { id: NO_ID, type: 'start', message: frame }
  return Object.hasOwn(said, 'type') ? said : { id: NO_ID, type: 'start', ...said }
}

/** What its reply is to be sent under, also where it is no command. */
export const idOf = (said: unknown): string | null =>
  isObject(said) && typeof said['id'] === 'string' ? said['id'].slice(0, 128) : null

export function toCommand(said: unknown, request: FastifyRequest): Command {
  const type = isObject(said) ? said['type'] : undefined
  if (typeof type !== 'string' || !Object.hasOwn(commands, type)) {
    throw invalid(`type must be one of ${Object.keys(commands).join(', ')}.`)
  }
  const validate = request.compileValidationSchema(commands[type as Command['type']])
  if (!validate(said)) throw explain(validate.errors ?? [], 'command')
  return said as Command
}

/** Undefined for what is not JSON. */
function parse(frame: string): unknown {
  try {
    return JSON.parse(frame, allow)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    // It may be nested too deeply for the stack.
    throw error instanceof ChatError ? error : notJson()
  }
}

/** Keys with which a parsed object could pretend to be another. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

function allow(key: string, value: unknown): unknown {
  if (forbidden.has(key)) throw invalid(`The field ${key} is not allowed.`)
  return value
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const notJson = (): ChatError => invalid('The frame is not JSON. Send one JSON object a frame.')

const invalid = (message: string): ChatError => new ChatError('invalid_request', message)
