import { phaseOf } from '../live.ts'
import type { State } from '../state.ts'
import type { Words } from '../words/words.ts'

/** So much of an answer is read aloud when it is complete; the rest is there to be read. */
const ALOUD = 400

/** What a screen reader is told: that an answer is written, and the answer once it is complete. */
export function announcement({ live, heard }: State, words: Words): string {
  const { end, text = '' } = live ?? heard ?? {}
  const phase = live ? phaseOf(live) : 'ended'
  if (phase !== 'ended') return words[phase]
  // A failure is an alert, and speaks for itself.
  if (end?.type !== 'done') return ''
  const how = end.reason === 'stopped' ? words.ends[end.by ?? 'client'] : words.answered
  return `${how} ${plain(text)}`
}

/** The beginning of a text in Markdown, without its marks. */
function plain(markdown: string): string {
  const text = markdown
    .slice(0, ALOUD * 2)
    .replace(/^ {0,3}(?:#{1,6}|>|[-+*]|```.*)(?: |$)/gm, '')
    .replace(/[*_`|~]|\]\([^)]*\)|\[/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return text.length > ALOUD ? `${text.slice(0, ALOUD).replace(/\S*$/, '')}…` : text
}
