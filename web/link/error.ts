/** What a link refuses with; `code` is the server's, or `unreachable` if it could not be asked. */
export class LinkError extends Error {
  readonly code: string
  /** Seconds, where the server said when to come back. */
  readonly retryAfter: number | undefined

  constructor(
    code: string,
    message: string,
    options: { retryAfter?: unknown; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'LinkError'
    this.code = code
    this.retryAfter = typeof options.retryAfter === 'number' ? options.retryAfter : undefined
  }
}

/** Codes after which the same request may work a little later. */
const passing = new Set(['rate_limited', 'overloaded', 'interrupted'])

/** Whether asking again can help: what the server did not refuse itself is the network's doing. */
export const mayPass = (error: unknown): boolean =>
  !(error instanceof LinkError) || passing.has(error.code)

/** The cursor is ahead of the log: the server lost what it had not yet synced before a power cut. */
export const isAhead = (error: unknown): boolean =>
  error instanceof LinkError && error.code === 'conflict'

/** Seconds to wait before asking again, as far as the server said. */
export const retryAfterOf = (error: unknown): number | undefined =>
  error instanceof LinkError ? error.retryAfter : undefined
