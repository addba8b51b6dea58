import { LinkError } from './link/error.ts'
import type { Notice } from './state.ts'

/** What is said about an error; a bug of the page is shown too, not swallowed. */
export const noticeOf = (error: unknown): Notice => ({
  code: error instanceof LinkError ? error.code : 'page',
  message: error instanceof Error ? error.message : String(error),
  ...(error instanceof LinkError &&
    error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
})
