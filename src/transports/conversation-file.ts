/** A conversation as a file: what the page exports, and what can be imported again. */
import { type Static, Type } from '@sinclair/typebox'
import type { Draft, DraftTurn } from '../core/imported.ts'
import * as examples from './examples.ts'
import { enumOf, orNull, ref, strict } from './schema.ts'
import { TurnSchema } from './views.ts'

/** A thousand questions and their answers, versions included. */
const MAX_TURNS = 2000
/** The longest answer there is, by default. */
const MAX_CONTENT = 8_388_608
/** The last moment that JavaScript has a date for. */
const MAX_TIME = 8_640_000_000_000_000

const Name = Type.String({
  pattern: '^[\\w-]{1,64}$',
  description: 'Tells the turns of the file apart; a new id is made on import',
})
const Time = Type.Integer({
  minimum: 0,
  maximum: MAX_TIME,
  description: 'Milliseconds since the epoch; the time of the import, if left out or later',
})

/** Whatever a turn has, but for its log, and with ids and times of the file. */
const { generation: _, ...kept } = TurnSchema.properties
const FileTurnSchema = strict(
  {
    ...kept,
    id: Name,
    parent: orNull(Name),
    content: Type.String({ maxLength: MAX_CONTENT }),
    at: Type.Optional(Time),
  },
  {
    $id: 'FileTurn',
    description: 'A turn without its log; it stands after its parent',
    examples: examples.fileTurns,
  },
)

export const ConversationFileSchema = strict(
  {
    format: enumOf(['chatai.conversation']),
    version: Type.Literal(1),
    title: Type.String({ maxLength: 200 }),
    createdAt: Type.Optional(Time),
    updatedAt: Type.Optional(Time),
    head: Type.Optional({
      ...Name,
      description: 'The last turn of the version that is shown; by default the last of all',
    }),
    turns: Type.Array(ref(FileTurnSchema), { minItems: 1, maxItems: MAX_TURNS }),
  },
  {
    $id: 'ConversationFile',
    description: 'A conversation with all versions of its turns, as the page exports it',
    examples: [examples.file],
  },
)
/** What the page writes into a file. */
export type ConversationFile = Static<typeof ConversationFileSchema>

/** What a file brings in. */
export function readFile({ format: _format, version: _version, ...file }: ConversationFile): Draft {
  return {
    ...file,
    turns: file.turns.map(({ end, ...turn }) => ({ ...turn, ...(end && { end: endOf(end) }) })),
  }
}

/** The schema does not say that a stopped answer was stopped by somebody. */
function endOf(
  end: NonNullable<Static<typeof FileTurnSchema>['end']>,
): NonNullable<DraftTurn['end']> {
  if (end.type === 'failed') return end
  const { type, reason, by = 'client' } = end
  return reason === 'stopped' ? { type, reason, by } : { type, reason }
}

/** The schemas that others refer to by name. */
export const namedFiles = [FileTurnSchema, ConversationFileSchema] as const
