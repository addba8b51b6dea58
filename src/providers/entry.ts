/** One model as the models file describes it. Abilities are fields, never guessed from names. */
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

const oneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Union(
    values.map(value => Type.Literal(value as T[number])),
    { description },
  )

const baseURL = (description: string) => Type.String({ pattern: '^https?://', description })

/** An entry of the models file. */
const EntrySchema = Type.Object(
  {
    id: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$',
      description: 'What clients call it; the id of a built-in model replaces that model',
    }),
    label: Type.String({ minLength: 1, maxLength: 100, description: 'Its name for people' }),
    vendor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'Who runs it; the host of `baseURL` unless given',
      }),
    ),
    baseURL: baseURL('Of its OpenAI-compatible API, mostly ending in /v1'),
    prefixURL: Type.Optional(baseURL('Asked instead of `baseURL` to complete a prefix')),
    model: Type.String({ minLength: 1, description: 'What the API calls it' }),
    apiKeyEnv: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        description: 'The environment variable that holds its key; none if it needs no key',
      }),
    ),
    contextWindow: Type.Integer({
      minimum: 256,
      maximum: 100_000_000,
      description: 'Tokens, prompt and answer together',
    }),
    prefix: oneOf(
      ['native', 'prompt'],
      'How a stopped text is continued: `native` if the API completes an assistant message with `prefix: true`, else `prompt`',
    ),
    maxTokensField: Type.Optional(
      oneOf(
        ['max_tokens', 'max_completion_tokens'],
        'Its name of `max_tokens`, which is the default',
      ),
    ),
  },
  { additionalProperties: false },
)
export type Entry = Readonly<Static<typeof EntrySchema>>

/** The entries of a models file. Throws an Error of one sentence that names what is wrong. */
export function parseEntries(text: string): Entry[] {
  const entries = parse(text)
  if (!Array.isArray(entries)) throw wrong('must hold a JSON array of models')
  entries.forEach(check)
  const seen = new Set<string>()
  for (const { id } of entries as Entry[]) {
    if (seen.has(id)) throw wrong(`has two models with the id "${id}"`)
    seen.add(id)
  }
  return entries as Entry[]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new Error('The models file is not valid JSON.', { cause })
  }
}

function check(value: unknown, index: number): void {
  const error = Value.Errors(EntrySchema, value).First()
  const place = `${ordinal(index)}${nameOf(value)}`
  if (error !== undefined) {
    const field = error.path.slice(1)
    throw wrong(
      error.path === ''
        ? `holds something else than an object as its ${place}`
        : `has ${complaint(value, field)} in its ${place}`,
    )
  }
  const { baseURL, prefixURL } = value as Entry
  checkURL('baseURL', baseURL, place)
  if (prefixURL !== undefined) checkURL('prefixURL', prefixURL, place)
}

/** The value is not repeated: it may be a key in the wrong place. */
function complaint(value: unknown, field: string): string {
  const schema: { description?: string } | undefined = Object.hasOwn(EntrySchema.properties, field)
    ? EntrySchema.properties[field as keyof Entry]
    : undefined
  if (schema === undefined) return `an unknown field ${JSON.stringify(field)}`
  const state = Object.hasOwn(value as object, field) ? 'a wrong' : 'no'
  return `${state} "${field}" (${schema.description})`
}

/** The path of a request is put behind it, and it may be shown: it holds no secret. */
function checkURL(field: string, value: string, place: string): void {
  const url = URL.parse(value)
  const plain = url !== null && url.username + url.password + url.search + url.hash === ''
  if (plain) return
  throw wrong(
    `has a wrong "${field}" (a URL without user name, query and fragment) in its ${place}`,
  )
}

const ordinal = (index: number): string => `model no. ${index + 1}`

/** Its id, where that is one: it may be what is wrong. */
function nameOf(value: unknown): string {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  return Value.Check(EntrySchema.properties.id, id) ? ` ("${id}")` : ''
}

const wrong = (what: string): Error => new Error(`The models file ${what}.`)
