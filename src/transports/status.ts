import type { ChatError, Code } from '../core/errors.ts'

/** How one error code looks on each transport. */
export interface Status {
  readonly http: number
  /** WebSocket close code, where the whole socket ends for it. */
  readonly close: number
}

/** The one table: error code → HTTP status and close code. `retryable` is core/errors.ts's to say. */
export const statusOf: Readonly<Record<Code, Status>> = {
  invalid_request: { http: 400, close: 1008 },
  unauthorized: { http: 401, close: 4401 },
  forbidden: { http: 403, close: 1008 },
  not_found: { http: 404, close: 1008 },
  conflict: { http: 409, close: 1008 },
  too_large: { http: 413, close: 1009 },
  rate_limited: { http: 429, close: 4429 },
  provider_rejected: { http: 502, close: 1011 },
  provider_unavailable: { http: 502, close: 1013 },
  provider_broken: { http: 502, close: 1013 },
  provider_timeout: { http: 504, close: 1013 },
  overloaded: { http: 503, close: 1013 },
  interrupted: { http: 503, close: 1001 },
  internal: { http: 500, close: 1011 },
}

/** Close codes that stand for no error code. */
export const close = {
  /** A client's own: the server closes no socket that is well. */
  done: 1000,
  draining: 1001,
  binary: 1003,
  tooSlow: 4408,
  tooMany: 4429,
} as const

/** An error as every route answers it. */
export interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: object
}

/** `generation` where one was started: its log keeps what was said before the error. */
export function refusal({ code, message, retryAfter }: ChatError, generation?: string): Refusal {
  const late = retryAfter !== undefined
  return {
    status: statusOf[code].http,
    headers: late ? { 'retry-after': String(Math.ceil(retryAfter)) } : {},
    body: {
      error: { code, message, ...(late && { retryAfter }) },
      ...(generation && { generation }),
    },
  }
}
