/** Heartbeats without a sign of life after which a connection counts as dead. */
export const SILENT_BEATS = 2.5

/** A dog that barks once nothing was heard for `limitMs`. */
export interface Watch {
  readonly heard: () => void
  readonly end: () => void
}

export function watch(limitMs: number, bark: () => void): Watch {
  let timer = setTimeout(bark, limitMs)
  return {
    heard() {
      clearTimeout(timer)
      timer = setTimeout(bark, limitMs)
    },
    end: () => clearTimeout(timer),
  }
}
