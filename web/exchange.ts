import type { Api } from './api.ts'
import { download } from './download.ts'
import { exported } from './export-json.ts'
import { markdownOf } from './export-markdown.ts'
import { filename } from './filename.ts'
import { readExport } from './import.ts'
import { LinkError } from './link/error.ts'
import { noticeOf } from './notice.ts'
import type { Conversation, ConversationWithTurns, Intent, Notice, State, Turn } from './state.ts'

/** Save a conversation as a file. Rejects where the server does not give it. */
export async function save(
  { id, as }: Extract<Intent, { type: 'export' }>,
  api: Api,
  state: () => State,
): Promise<void> {
  const conversation = await whole(id, api)
  const { title } = conversation
  if (as === 'json') {
    return download(filename(title, 'json'), 'application/json', exported(conversation))
  }
  const { choices, models } = state()
  const text = markdownOf(conversation, { language: choices.language, models })
  download(filename(title, 'md'), 'text/markdown;charset=utf-8', text)
}

/** With what an answer that is still being written has said so far. */
async function whole(id: string, api: Api): Promise<ConversationWithTurns> {
  const conversation = await api.conversation(id)
  const turns = await Promise.all(conversation.turns.map(turn => said(turn, api)))
  return { ...conversation, turns }
}

async function said(turn: Turn, api: Api): Promise<Turn> {
  if (turn.generation === undefined || turn.end) return turn
  const { text, reasoning, model, params, usage, changes, end } = await api.generation(
    turn.generation,
  )
  const more = { ...(usage && { usage }), ...(changes && { changes }), ...(end && { end }) }
  return { ...turn, content: text, reasoning, model, params, ...more }
}

/** Bring in a file: its conversation, or why not. */
export async function bringIn(
  file: File,
  api: Api,
  importBytes: number | undefined,
): Promise<Conversation | { readonly notice: Notice }> {
  const read = await readExport(file, importBytes)
  if ('notice' in read) return read
  try {
    return await api.import(read.text)
  } catch (error) {
    return { notice: refused(error, file.name) }
  }
}

/** What the server says of it is about the file, and not about the page. */
function refused(error: unknown, name: string): Notice {
  const { code, message } = noticeOf(error)
  if (!(error instanceof LinkError)) return { code, message }
  if (code === 'invalid_request') return { code: 'file_refused', message: `${name}: ${message}` }
  return code === 'too_large' ? { code: 'file_too_large', message: name } : { code, message }
}
