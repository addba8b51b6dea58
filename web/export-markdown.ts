import { openFence } from './fence.ts'
import type { ConversationWithTurns, Model, Turn } from './state.ts'
import { branch } from './tree.ts'
import { type Language, explain, words as all } from './words/words.ts'

/** Who reads it: the language of the page, the names of the models, and where it is what time. */
export interface Reader {
  readonly language: Language
  readonly models: readonly Model[]
  /** The browser's by default. */
  readonly timeZone?: string
}

/** The version of a conversation that is shown, to be read. What was said stands in it as it was said. */
export function markdownOf(conversation: ConversationWithTurns, reader: Reader): string {
  const words = all[reader.language]
  const title = plain(conversation.title.replace(/\s+/g, ' ').trim()) || words.untitled
  const turns = branch(conversation.turns, conversation.head)
  const parts = turns.flatMap(turn => [headingOf(turn, reader), ...partsOf(turn, reader)])
  return `${[`# ${title}`, ...parts].join('\n\n')}\n`
}

/** A title is no Markdown: what would be a mark, a tag or an entity in it stands for itself. */
const plain = (title: string): string => title.replace(/[\\`*_[\]<&~$]|#+$/g, mark => `\\${mark}`)

function headingOf({ role, model, at }: Turn, { language, models, timeZone }: Reader): string {
  const words = all[language]
  const label = models.find(({ id }) => id === model)?.label ?? model
  const date = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    ...(timeZone !== undefined && { timeZone }),
  }).format(at)
  const speaker = role === 'user' ? words.you : words.speaker(label)
  return `## ${speaker} · ${date}`
}

function partsOf(turn: Turn, reader: Reader): string[] {
  const { reasoning, content } = turn
  const ending = endingOf(turn, reader)
  return [
    ...(reasoning ? [quoted(reasoning, all[reader.language].reasoning)] : []),
    ...(content === '' ? [] : [closed(content)]),
    ...(ending === '' ? [] : [`*${ending}*`]),
  ]
}

const quoted = (text: string, name: string): string =>
  [`**${name}**`, '', ...text.split('\n')].map(line => (line ? `> ${line}` : '>')).join('\n')

/** What comes after it is no part of its last code block. */
function closed(text: string): string {
  const fence = openFence(text)
  if (fence === undefined) return text
  return `${text}${text.endsWith('\n') ? '' : '\n'}${fence}`
}

/** How an answer ended, where it did not end by itself. */
function endingOf({ role, end, generation }: Turn, { language }: Reader): string {
  const words = all[language]
  if (role === 'user') return ''
  if (end === undefined) return generation === undefined ? '' : words.unfinished
  if (end.type === 'failed') return explain(words, end).heading
  return words.ends[end.reason === 'stopped' ? (end.by ?? 'client') : end.reason]
}
