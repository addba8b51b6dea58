import { type TSchema, Type } from '@sinclair/typebox'
import type { ParamsChange } from '../core/chunk.ts'
import { strict } from './schema.ts'

const fields = {
  temperature: Type.Optional(
    Type.Number({ minimum: 0, maximum: 2, description: 'How freely words are chosen; 0 least' }),
  ),
  top_p: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'Choose among the likeliest of this sum',
    }),
  ),
  max_tokens: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'The longest answer' }),
  ),
  presence_penalty: Type.Optional(
    Type.Number({ minimum: -2, maximum: 2, description: 'Above 0: rather new subjects' }),
  ),
  frequency_penalty: Type.Optional(
    Type.Number({ minimum: -2, maximum: 2, description: 'Above 0: rather no repetition' }),
  ),
  seed: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The same answer for the same question, as far as the model keeps to it',
    }),
  ),
  stop: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      minItems: 1,
      maxItems: 4,
      description: 'The answer ends before any of these',
    }),
  ),
  system: Type.Optional(Type.String({ description: 'Put before the context as system message' })),
}

/** The settings of a start, in the words of the OpenAI API. */
export const ParamsSchema = strict(fields, {
  $id: 'Params',
  description: 'Sampling settings; what is left out is left to the model',
  examples: [{ temperature: 0.7, max_tokens: 500, system: 'Answer in one sentence.' }],
})

/** Those that are numbers, which a query has as text. */
export const numericParams: readonly string[] = Object.entries(fields)
  .filter(([, { type }]) => type === 'number' || type === 'integer')
  .map(([name]) => name)

const nullable = (schema: TSchema): TSchema => ({ ...schema, type: [schema['type'], 'null'] })

/** The settings of an update. */
export const ParamsChangeSchema = Type.Unsafe<ParamsChange>(
  strict(
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, nullable(field)])),
    {
      $id: 'ParamsChange',
      description: 'Laid over the settings in force; null leaves one to the model again',
      examples: [{ temperature: 0.2, max_tokens: null }],
    },
  ),
)
