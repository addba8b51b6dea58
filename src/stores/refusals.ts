import { ChatError } from '../core/errors.ts'

/** Seconds: a disk may be made room on, a lock let go of. */
const RETRY_AFTER = 5

/** Refusals that every store says in the same words. */
export const refusals = {
  overloaded: (cause?: unknown): ChatError =>
    new ChatError(
      'overloaded',
      'The server could not save this because its storage is full or busy. Please try again later.',
      { cause, retryAfter: RETRY_AFTER },
    ),
  searching: (cause?: unknown): ChatError =>
    new ChatError('overloaded', 'The server cannot search now. Please try again in a moment.', {
      cause,
      retryAfter: RETRY_AFTER,
    }),
  closed: (): ChatError =>
    new ChatError('overloaded', 'The server is shutting down. Please try again in a moment.'),
  taken: (): ChatError =>
    new ChatError('conflict', 'This was already started; ask for it instead of starting it again.'),
  missing: (): ChatError =>
    new ChatError('not_found', 'There is no such conversation; it may have been deleted.'),
}
