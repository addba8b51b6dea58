/** How an answer fails by itself, in words for people. */
import { ChatError } from './errors.ts'
import type { Failed } from './event.ts'

/** The terminal event of an error. */
export function failed({ code, message, retryable, retryAfter }: ChatError): Failed {
  return {
    type: 'failed',
    code,
    message,
    retryable,
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

export const lost = (): ChatError =>
  new ChatError('internal', 'The answer was cut without a reason.')

export const cramped = (): ChatError =>
  new ChatError('overloaded', 'The server is short of memory for long answers. Please retry later.')

export const brokenOff = (): ChatError =>
  new ChatError('provider_broken', 'The model broke off in the middle. Please retry.')

export function silence(kind: 'first' | 'idle'): ChatError {
  return kind === 'first'
    ? new ChatError('provider_timeout', 'The model did not begin to answer in time. Please retry.')
    : new ChatError('provider_timeout', 'The model fell silent in the middle. Please retry.')
}
