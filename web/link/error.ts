/** What a link refuses with; `code` is the server's, or `unreachable` if it could not be asked. */
export class LinkError extends Error {
  override readonly name = 'LinkError'
  readonly code: string
  /** Seconds, where the server said when to come back. */
  readonly retryAfter: number | undefined

  constructor(
    code: string,
    message: string,
    options: { readonly retryAfter?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, options)
    this.code = code
    this.retryAfter = options.retryAfter
  }
}

/** Codes after which the same request may work a little later. */
const passing = ['rate_limited', 'overloaded', 'interrupted']

/** Whether asking again can help: what the server did not refuse itself is the network's doing. */
export const mayPass = (error: unknown): boolean =>
  !(error instanceof LinkError) || passing.includes(error.code)

/** The cursor is ahead of the log: the server lost what it had not yet synced before a power cut. */
export const isAhead = (error: unknown): boolean =>
  error instanceof LinkError && error.code === 'conflict'

/** How long the server wants to be left alone; 0 where it did not say. */
export const pauseMs = (error: unknown): number =>
  error instanceof LinkError ? (error.retryAfter ?? 0) * 1000 : 0
