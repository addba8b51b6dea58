import { LinkError, mayPass } from './error.ts'
import type { Pace, Setup } from './types.ts'

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
  /** Wait; at least `retryAfter` seconds. Ends early when `signal` aborts or the network is back. */
  wait(signal: AbortSignal, retryAfter?: number): Promise<void>
  /** How long the latest wait is. */
  ms(): number
  /** Something arrived: the next wait is a first one again. */
  succeed(): void
  /** The server's own wish for the first wait, as SSE's `retry:` states it. */
  setBase(ms: number): void
  /** What to call the connection after the latest failure. */
  state(): 'resuming' | 'offline'
}

export function createBackoff(pace: Pace): Backoff {
  let baseMs = pace.baseMs
  let failures = 0
  let ms = 0
  return {
    wait(signal, retryAfter = 0) {
      const spanMs = Math.min(pace.capMs, baseMs * 2 ** failures++)
      ms = retryAfter * 1000 + pace.random() * spanMs
      return sleep(ms, signal)
    },
    ms: () => ms,
    succeed() {
      failures = 0
    },
    setBase(ms) {
      baseMs = ms
    },
    state: () => (failures >= OFFLINE_AFTER || isOffline() ? 'offline' : 'resuming'),
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
  const backoff = createBackoff(pace)
  const patience = AbortSignal.timeout(pace.patienceMs)
  const limit = AbortSignal.any([signal, patience])
  const deadline = Date.now() + pace.patienceMs
  for (;;) {
    try {
      return await attempt(limit)
    } catch (error) {
      if (signal.aborted || !mayPass(error)) throw error
      const retryAfter = error instanceof LinkError ? error.retryAfter : undefined
      const inTime = Date.now() + (retryAfter ?? 0) * 1000 < deadline
      if (!inTime && error instanceof LinkError) throw error
      const waiting = inTime ? backoff.wait(limit, retryAfter) : undefined
      const refused = error instanceof LinkError
      const wait = { code: refused ? error.code : 'unreachable', ms: backoff.ms() }
      report?.(refused ? 'connected' : backoff.state(), undefined, wait)
      await waiting
      if (patience.aborted) throw unreachable(error)
    }
  }
}

const unreachable = (cause: unknown): LinkError =>
  new LinkError('unreachable', 'The server did not answer. Check the connection and try again.', {
    cause,
  })

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const wake = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      if (inBrowser) removeEventListener('online', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal.addEventListener('abort', wake)
    if (inBrowser) addEventListener('online', wake)
  })
}

/** Node has a navigator too, but no `onLine` and no such events. */
const inBrowser = typeof document === 'object'
const isOffline = (): boolean => inBrowser && !navigator.onLine
