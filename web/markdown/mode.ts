import type { Flow, Part } from './flow.ts'
import type { Links, Reading } from './lexer.ts'
import type { Maker } from './pen.ts'

/** Reads and draws the text from where it is not final yet. */
export interface Mode {
  read(text: string, reading: Reading): Progress
}

export interface Progress {
  /** How much of the text is final now. */
  readonly used: number
  /** Who reads what is behind that; nobody where all is read. */
  readonly next?: Mode
  /** As long as the rest may become; beyond it the time of a frame is not enough for it. */
  readonly limit: number
}

/** For a block that may hold others. */
export const LONGEST_BLOCK = 24 * 1024
/** For one that holds words only: no paragraph that somebody reads is longer. */
export const LONGEST_PARAGRAPH = 8 * 1024

/** Where it is drawn. */
export interface Canvas {
  readonly make: Maker
  /** For blocks. */
  readonly sheets: Flow
  /** Links were defined. */
  readonly define: (links: Links) => void
  /** A part will not change any more, but for what links are defined later. */
  readonly settle: (part: Part, nodes: readonly Node[]) => void
}

/** A block with a reader of its own. */
export interface Opened {
  /** Its element, with nothing in it or more. */
  readonly part: Part
  /** How much of the text is read with that. */
  readonly used: number
  /** Who reads on, in the element as it stands there; `back` reads what is behind the block. */
  mode(node: Node, back: Mode): Mode
}
