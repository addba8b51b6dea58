/** The closed list of what can go wrong, as `protocol` names it; transports/status.ts maps it. */
export const codes = [
  'invalid_request',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'rate_limited',
  'provider_rejected',
  'provider_unavailable',
  'provider_broken',
  'provider_timeout',
  'overloaded',
  'interrupted',
  'internal',
] as const

export type Code = (typeof codes)[number]

/** Codes after which the same request may work later. */
const retryableCodes: ReadonlySet<Code> = new Set<Code>([
  'rate_limited',
  'provider_unavailable',
  'provider_broken',
  'provider_timeout',
  'overloaded',
  'interrupted',
])

/**
 * The one error that may reach a client: its message says what happened and what to do, and holds
 * no stack, key or text of a vendor. Everything else that is thrown is `internal` outside.
 */
export class ChatError extends Error {
  readonly code: Code
  /** Seconds, where it is known when a retry makes sense. */
  readonly retryAfter: number | undefined

  constructor(code: Code, message: string, options: { retryAfter?: number; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {})
    this.name = 'ChatError'
    this.code = code
    this.retryAfter = options.retryAfter
  }

  get retryable(): boolean {
    return isRetryable(this.code)
  }
}

export const isRetryable = (code: Code): boolean => retryableCodes.has(code)

/** Whatever was thrown, as a ChatError; an unknown error keeps its cause for the log only. */
export function asChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error
  return new ChatError('internal', 'Something went wrong inside the server. Please try again.', {
    cause: error,
  })
}
