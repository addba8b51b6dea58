/**
 * What the page measures of an answer while it watches: pure, times are `performance.now()` in ms.
 * A piece is timed by when it came here. Where it may have waited (the connection was lost, the page
 * stood still, an answer was joined in its middle) neither it nor the time before it counts.
 */
import type { Item } from './link/link.ts'

export interface Pace {
  /** When the question was sent; undefined for an answer that was joined later. */
  readonly asked: number | undefined
  /** From then to the first piece, of reasoning or text. */
  readonly first: number | undefined
  /** A piece has come. */
  readonly spoken: boolean
  /** When the latest piece came; undefined where its distance to the next one is no measure. */
  readonly latest: number | undefined
  /** From then on pieces come when they are made; infinite while they may be waiting somewhere. */
  readonly steady: number
  /** Tokens of all pieces, guessed. */
  readonly tokens: number
  /** Those of them that were timed, and the time they took: from piece to piece. */
  readonly timed: { readonly tokens: number; readonly ms: number }
  /** Since when it thinks, where that is known and goes on. */
  readonly thinking: number | undefined
  /** How long it thought before; undefined where that is not known. */
  readonly thought: number | undefined
  /** From the question to the end. */
  readonly total: number | undefined
}

/** What was missed meanwhile comes within this time after a connection is back. */
const CATCH_UP_MS = 2000

/** Before the first item: of a question that was sent then, or of an answer that is joined. */
export const begin = (asked: number | undefined): Pace => ({
  asked,
  first: undefined,
  spoken: false,
  latest: undefined,
  steady: asked === undefined ? Infinity : -Infinity,
  tokens: 0,
  timed: { tokens: 0, ms: 0 },
  thinking: undefined,
  thought: asked === undefined ? undefined : 0,
  total: undefined,
})

/** The connection was lost, or the page stood still. */
export const interrupt = (pace: Pace): Pace => ({ ...pace, steady: Infinity })

/** Items came together. */
export function hear(pace: Pace, items: readonly Item[], at: number): Pace {
  const steady = pace.steady === Infinity ? at + CATCH_UP_MS : pace.steady
  return items.reduce((now, item) => step(now, item, at), { ...pace, steady })
}

function step(pace: Pace, item: Item, at: number): Pace {
  switch (item.type) {
    case 'text':
      return piece(answer(pace, at), item.text, at)
    case 'reasoning':
      return piece(think(pace, at), item.text, at)
    case 'updated':
      // Another model is asked: that it takes its time is no gap between pieces.
      return { ...forget(pace, item.mode, at), latest: undefined }
    case 'reset':
      return begin(undefined)
    case 'done':
    case 'failed':
      return end(answer(pace, at), at)
    default:
      return pace
  }
}

function piece(pace: Pace, text: string, at: number): Pace {
  const { asked, latest, steady, timed } = pace
  const tokens = tokensOf(text)
  const counts = latest !== undefined && latest >= steady
  const first = asked !== undefined && at >= steady ? at - asked : undefined
  return {
    ...pace,
    first: pace.spoken ? pace.first : first,
    spoken: true,
    latest: at,
    tokens: pace.tokens + tokens,
    timed: counts ? { tokens: timed.tokens + tokens, ms: timed.ms + at - latest } : timed,
  }
}

/** What began unseen has no known length. */
const think = (pace: Pace, at: number): Pace =>
  pace.thinking !== undefined || pace.thought === undefined
    ? pace
    : { ...pace, ...(at < pace.steady ? { thought: undefined } : { thinking: at }) }

/** It thinks no more: since just now, unless that may have been earlier. */
function answer(pace: Pace, at: number): Pace {
  const { thinking, thought, steady } = pace
  if (thinking === undefined || thought === undefined) return pace
  const known = at >= steady
  return { ...pace, thinking: undefined, thought: known ? thought + at - thinking : undefined }
}

/** A restart drops the reasoning too: what it took then is of no more interest. */
const forget = (pace: Pace, mode: 'continue' | 'restart', at: number): Pace =>
  mode === 'restart' ? { ...pace, thinking: undefined, thought: 0 } : answer(pace, at)

const end = (pace: Pace, at: number): Pace =>
  pace.asked !== undefined && at >= pace.steady ? { ...pace, total: at - pace.asked } : pace

/** A guess, the same as the server's: four ASCII characters a token, one of any other script. */
function tokensOf(text: string): number {
  let ascii = 0
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x80) ascii++
  return Math.ceil(ascii / 4) + (text.length - ascii)
}

/** Less is too short to call it a speed. */
const SHORTEST_MS = 250

/** Tokens a second by the page's guess, the silence since the latest piece included. */
export function rateAt({ timed, latest, steady }: Pace, now: number): number | undefined {
  const ms = timed.ms + (latest !== undefined && latest >= steady ? Math.max(0, now - latest) : 0)
  return ms < SHORTEST_MS || timed.tokens === 0 ? undefined : (timed.tokens * 1000) / ms
}
