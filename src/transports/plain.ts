import { type Ending, type Line, decode, isLast } from '../core/event.ts'

/** What a batch is to a reader of bare text. */
export interface Plain {
  readonly text: string
  /** The terminal event, where the batch ends with it. */
  readonly end: Ending | undefined
}

/** Between the text that a restart dropped and the new one: bare text cannot be taken back. */
const RESTART = '\n\n---\n\n'

/** The bare text of a batch. */
export function plain(lines: readonly Line[]): Plain {
  let text = ''
  let end: Ending | undefined
  for (const line of lines) {
    const event = decode(line)
    if (event.type === 'text') text += event.text
    else if (event.type === 'updated' && event.mode === 'restart') text += RESTART
    else if (isLast(event)) end = event
  }
  return { text, end }
}
