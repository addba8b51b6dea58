import { median } from '../../src/bench/report/statistics.ts'

/** How fast a lane was, over time: tokens in steps of equal length from its start on. */
export interface Track {
  readonly stepMs: number
  readonly tokens: readonly number[]
}

/** Short enough to see a pause in a second; 120 of them are as many as a small drawing shows. */
const STEP_MS = 250
const MOST_STEPS = 120

export const noTrack: Track = { stepMs: STEP_MS, tokens: [] }

/** With `tokens` more at `ms` from the start; once it is full, steps get twice as long. */
export function advance(track: Track, ms: number, tokens: number): Track {
  const step = Math.floor(ms / track.stepMs)
  if (step >= MOST_STEPS) return advance(halved(track), ms, tokens)
  const length = Math.max(track.tokens.length, step + 1)
  const all = Array.from({ length }, (_, i) => track.tokens[i] ?? 0)
  all[step] = (all[step] ?? 0) + tokens
  return { ...track, tokens: all }
}

function halved({ stepMs, tokens }: Track): Track {
  const length = Math.ceil(tokens.length / 2)
  const pair = (i: number): number => (tokens[2 * i] ?? 0) + (tokens[2 * i + 1] ?? 0)
  return { stepMs: stepMs * 2, tokens: Array.from({ length }, (_, i) => pair(i)) }
}

/** Tokens a second in each step that is over at `ms` from the start. */
export function speeds({ stepMs, tokens }: Track, ms: number): number[] {
  const length = Math.min(Math.floor(ms / stepMs), MOST_STEPS)
  return Array.from({ length }, (_, i) => ((tokens[i] ?? 0) * 1000) / stepMs)
}

/**
 * What a drawing of both lanes must have room for. What was missed while a connection was away comes
 * at once when it is back: drawn in full, it would leave nothing to see of the rest.
 */
export function ceiling(all: readonly number[]): number {
  const usual = median(all.filter(speed => speed > 0))
  return Math.min(Math.max(...all, 1), Math.max(usual * MOST_OVER_USUAL || 1, 1))
}

const MOST_OVER_USUAL = 2
