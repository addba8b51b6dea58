/** The error responses of the contract, one a status, made from the table of codes. */
import { STATUS_CODES } from 'node:http'
import { type Code, codes } from '../core/errors.ts'
import { statusOf } from '../transports/status.ts'

/** What each code looks like; the words are those of the server, or like them. */
const examples: Readonly<Record<Code, { message: string; retryAfter?: number }>> = {
  invalid_request: { message: 'Unknown field "temprature" in the body.' },
  unauthorized: { message: 'Send an API key or a token as Authorization: Bearer <key>.' },
  forbidden: {
    message: 'This site may not use the API. Its origin is not in ALLOWED_ORIGINS.',
  },
  not_found: { message: 'There is no such answer. It may have been deleted or expired.' },
  conflict: { message: 'This answer has ended and cannot be updated. Start a new one.' },
  too_large: { message: 'The request body is too large. Send less.' },
  rate_limited: {
    message: 'Too many answers were started. Wait a moment and retry.',
    retryAfter: 20,
  },
  provider_rejected: { message: 'The model refused the request. Check its key and the input.' },
  provider_unavailable: {
    message: 'The model cannot be reached now. Try again in a moment.',
    retryAfter: 5,
  },
  provider_broken: { message: 'The answer of the model broke off. Try again.' },
  provider_timeout: { message: 'The model did not begin to answer in time. Try again.' },
  overloaded: { message: 'The server is going down.', retryAfter: 5 },
  interrupted: { message: 'The server stopped while this was being written. Try again.' },
  internal: { message: 'Something went wrong inside the server. Please try again.' },
}

/** Why a status comes; one that is not in the table of codes has its own line. */
const reasons: Readonly<Record<number, string>> = {
  400: 'Something in the request is not as it must be; the message names it',
  401: 'No key or token was sent, or one that is not good, or not any more',
  403: 'This site or this Host may not use the API',
  404: 'There is no such model, generation, conversation or turn (any more)',
  409: 'Not now or not any more: an answer is being written in this conversation, this one has ended, the `Idempotency-Key` was used for another request, or the cursor is ahead of the log (then drop the text and read from the start)',
  413: 'The body is larger than MAX_BODY_BYTES (MAX_IMPORT_BYTES for a conversation that is brought in), a message or all of them have too many characters, or the conversation has too many turns',
  415: 'The body is not `application/json`, or has a `Content-Encoding`',
  429: 'Too many starts, updates or reads in a minute, too many live answers of one key, or too many wrong keys from one address',
  500: 'A fault of the server; it is in its log',
  502: 'The model refused, could not be reached, or broke off',
  503: 'The server is full, has too many streams (of this address), is going down, or cannot store; or it went down in mid-answer',
  504: 'The model was silent for too long',
}

/** Sent with every error that says when a retry makes sense. */
const late: ReadonlySet<number> = new Set([429, 502, 503, 504])

const codesOf = (status: number): readonly Code[] =>
  status === 415 ? ['invalid_request'] : codes.filter(code => statusOf[code].http === status)

/** A reference to the response of an error status. */
export const failure = (status: number): { $ref: string } => ({
  $ref: `#/components/responses/${nameOf(status)}`,
})

/** The responses by name. */
export const failures = (): object =>
  Object.fromEntries(
    Object.keys(reasons).map(status => [nameOf(Number(status)), response(Number(status))]),
  )

/** The header that goes with some of them. */
export const retryAfter = {
  description: 'Seconds, as `error.retryAfter`, where it is known when a retry makes sense',
  schema: { type: 'integer', minimum: 0 },
  example: 20,
}

/** `Too Many Requests` as the name of a component. */
const nameOf = (status: number): string => (STATUS_CODES[status] ?? '').replaceAll(/[^A-Za-z]/g, '')

function response(status: number): object {
  const example = (code: Code) => [code, { value: { error: { code, ...examples[code] } } }] as const
  const headers = { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }
  return {
    description: reasons[status],
    ...(late.has(status) && { headers }),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: Object.fromEntries(codesOf(status).map(example)),
      },
    },
  }
}
