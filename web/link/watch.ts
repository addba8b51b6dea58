import { onWake } from './wake.ts'

/** Heartbeats without a sign of life after which a connection counts as dead. */
export const SILENT_BEATS = 2.5
/** The same once the page woke: a connection seldom survives the sleep, and somebody is looking. */
const WOKEN_BEATS = 1.2

/** Aborts `over` after too long a silence. The returned function is told of every sign of life. */
export function watch(heartbeatMs: number, over: AbortController): () => void {
  const { signal } = over
  let heardAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Timers stand still while a machine sleeps; the clock does not. */
  function allow(beats: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => over.abort(), heardAt + beats * heartbeatMs - Date.now())
  }
  function heard(): void {
    heardAt = Date.now()
    if (!signal.aborted) allow(SILENT_BEATS)
  }
  heard()
  onWake(() => allow(WOKEN_BEATS), signal)
  signal.addEventListener('abort', () => clearTimeout(timer))
  return heard
}
