import { LinkError, mayPass, pauseMs } from './error.ts'
import type { Connection, Pace, Setup } from './types.ts'
import { sleep } from './wake.ts'

export const defaultPace: Pace = {
  baseMs: 1000,
  // A server that comes back is found within this time, also by somebody who waited all night.
  capMs: 15_000,
  patienceMs: 30_000,
  random: Math.random,
}

/** Failures in a row after which a connection counts as offline rather than as resuming. */
const OFFLINE_AFTER = 3

/** The waits between attempts, full jitter: a restart of the server must not meet all clients at once. */
export interface Backoff {
  /** After an attempt that failed so; at least as long as the server said. See `sleep`. */
  wait(error: unknown, signal: AbortSignal): Promise<void>
  /** Something arrived: the next wait is a first one again. */
  succeed(): void
}

/** What is told before each wait: what to call the connection now, how long the wait is, and why. */
type Tell = (state: Connection, ms: number, error: unknown) => void

export function createBackoff(pace: Pace, tell: Tell): Backoff {
  let failures = 0
  return {
    wait(error, signal) {
      const spanMs = Math.min(pace.capMs, pace.baseMs * 2 ** failures++)
      const offline = failures >= OFFLINE_AFTER || ('onLine' in navigator && !navigator.onLine)
      const ms = pauseMs(error) + pace.random() * spanMs
      tell(offline ? 'offline' : 'resuming', ms, error)
      return sleep(ms, signal)
    },
    succeed() {
      failures = 0
    },
  }
}

/** How something is insisted on. */
export interface Insistence {
  readonly pace: Pace
  readonly signal: AbortSignal
  /** Told after every attempt in vain; a server that refuses for now is there all the same. */
  readonly report?: Setup['report']
}

/** Try until it works, is refused, or patience ends: then `unreachable`, or the last refusal. */
export async function insist<T>(
  { pace, signal, report }: Insistence,
  attempt: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const patience = AbortSignal.timeout(pace.patienceMs)
  const limit = AbortSignal.any([signal, patience])
  const deadline = Date.now() + pace.patienceMs
  const backoff = createBackoff(pace, (state, ms, error) => {
    const code = error instanceof LinkError ? error.code : undefined
    report?.(code ? 'connected' : state, undefined, { code: code ?? 'unreachable', ms })
  })
  for (;;) {
    try {
      return await attempt(limit)
    } catch (error) {
      if (signal.aborted || !mayPass(error)) throw error
      const late = Date.now() + pauseMs(error) >= deadline
      if (!late) await backoff.wait(error, limit)
      if (late || patience.aborted) throw error instanceof LinkError ? error : unreachable(error)
    }
  }
}

const unreachable = (cause: unknown): LinkError =>
  new LinkError('unreachable', 'The server did not answer. Check the connection and try again.', {
    cause,
  })
