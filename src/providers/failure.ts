/** What a failed request means: whether to try again, and the one sentence for it. Pure. */
import { ChatError, type Code } from '../core/errors.ts'

/** The facts of a failed request, without a word of the vendor's. */
export interface Failure {
  /** Of the response; undefined if there was none. */
  readonly status: number | undefined
  /** What the vendor or the operating system calls it: `insufficient_quota`, `ECONNREFUSED`. */
  readonly code: string | undefined
  /** Seconds, where the response said so. */
  readonly retryAfter: number | undefined
}

/** Retries of one request: enough for a restart of a proxy, over before anyone wonders. */
const MAX_RETRIES = 2
/** The longest `Retry-After` that is waited for, in seconds; a longer one is for the client. */
const MAX_PATIENCE = 2
/** The longest `Retry-After` that is passed on, in seconds: beyond a day it is no advice. */
const MAX_RETRY_AFTER = 86_400

/**
 * How many ms to wait before the next try, undefined to give up. `retries` were made before;
 * `jitter` is random in 0..1.
 */
export function patience(
  failure: Failure,
  { retries, backoffMs, jitter }: { retries: number; backoffMs: number; jitter: number },
): number | undefined {
  const { retryAfter = 0 } = failure
  if (retries >= MAX_RETRIES || !isTransient(failure) || retryAfter > MAX_PATIENCE) return undefined
  return Math.max(retryAfter * 1000, backoffMs * 2 ** retries * (0.5 + jitter / 2))
}

function isTransient({ status, code }: Failure): boolean {
  if (status === undefined) return true
  if (status === 429) return code !== 'insufficient_quota'
  return status >= 500 || status === 408 || status === 409 || status === 425
}

/** Seconds of a `Retry-After`, which is a number or an HTTP date (RFC 9110, 10.2.3). */
export function parseRetryAfter(value: string | null | undefined, now: number): number | undefined {
  if (value === null || value === undefined) return undefined
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(value)
    ? Number(value)
    : (Date.parse(value) - now) / 1000
  if (Number.isNaN(seconds)) return undefined
  return Math.ceil(Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER))
}

/** The error of a request that was given up. Its cause is for the log and names no text. */
export function toError(failure: Failure): ChatError {
  const [code, message] = explain(failure)
  const { retryAfter, status } = failure
  return new ChatError(code, message, {
    cause: failure.code ?? `HTTP ${status}`,
    ...(retryAfter !== undefined && { retryAfter }),
  })
}

function explain(failure: Failure): [Code, string] {
  const { status } = failure
  if (status === undefined) {
    return ['provider_unavailable', 'The model cannot be reached. Please try again later.']
  }
  if (isTransient(failure)) {
    return status === 429
      ? ['provider_unavailable', 'The model is asked too much just now. Please try again later.']
      : ['provider_unavailable', 'The model is out of order. Please try again later.']
  }
  if (status < 400) {
    return [
      'provider_unavailable',
      'The model has moved to another address. Please tell the operator of this server.',
    ]
  }
  return ['provider_rejected', refusal(failure)]
}

function refusal({ status, code }: Failure): string {
  if (status === 402 || status === 429) {
    return "This server's credit with the model is used up. Please tell its operator."
  }
  if (status === 401 || status === 403) {
    return "The model refused this server's key. Please tell its operator."
  }
  if (status === 404) {
    return 'The model does not exist at its provider. Please choose another model.'
  }
  if (status === 413 || code === 'context_length_exceeded') {
    return 'The conversation is too long for this model. Please shorten it or choose another model.'
  }
  return 'The model refused the request. Please change the message or the settings.'
}

/** The answer makes no sense, or its connection broke. */
export function broken(what: string, cause?: unknown): ChatError {
  return new ChatError('provider_broken', `${what} Please retry.`, { cause })
}
