/** Whatever a models file holds: models, or one sentence that says what is wrong. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { type Entry, parseEntries } from '../../src/providers/entry.ts'
import { holds } from '../support/property.ts'
import { evil } from '../support/strings.ts'

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,20}$/)
const short = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const url = fc
  .tuple(fc.constantFrom('http', 'https'), fc.webPath(), fc.nat(65_535))
  .map(([scheme, path, port]) => `${scheme}://models.example:${port}${path}`)

const entry: fc.Arbitrary<Entry> = fc.record(
  {
    id: name,
    label: short,
    vendor: short,
    baseURL: url,
    prefixURL: url,
    model: short,
    apiKeyEnv: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/),
    contextWindow: fc.integer({ min: 256, max: 100_000_000 }),
    prefix: fc.constantFrom('native', 'prompt'),
    maxTokensField: fc.constantFrom('max_tokens', 'max_completion_tokens'),
  },
  { requiredKeys: ['id', 'label', 'baseURL', 'model', 'contextWindow', 'prefix'] },
)
const entries = fc.uniqueArray(entry, { maxLength: 5, selector: ({ id }) => id })

/** What it says of a text: a sentence, or nothing where it takes it. */
function complaint(text: string): string | undefined {
  try {
    parseEntries(text)
    return undefined
  } catch (error) {
    // Only ours: a TypeError would be a fault of the reader.
    assert.equal((error as Error).constructor, Error)
    return (error as Error).message
  }
}

holds('entries that are right are read as they were written', 300, () =>
  fc.property(entries, all => {
    const text = JSON.stringify(all)
    assert.deepEqual(parseEntries(text), JSON.parse(text))
    assert.deepEqual(parseEntries(`\uFEFF\n ${text}\r\n`), JSON.parse(text))
  }),
)

holds('anything else is refused in one sentence', 1000, () =>
  fc.property(
    fc.oneof(
      evil,
      fc.json(),
      fc.json().map(json => `[${json}]`),
    ),
    text => {
      const said = complaint(text)
      if (said === undefined) assert.deepEqual(JSON.parse(text.trim()), [])
      else assert.match(said, /^The models file (is not valid JSON|must hold|holds|has) ?.*\.$/s)
    },
  ),
)

const known = ['id', 'label', 'baseURL', 'prefixURL', 'model', 'contextWindow', 'prefix', 'vendor']
const strange = ['__proto__', 'constructor', 'toString', 'apiKey', 'base_url', '']
const SECRET = 'sk-1'
const wrong = fc.oneof(
  fc.constantFrom(null, '', [], {}, true, -1, 1e300, [SECRET], { SECRET }, `${SECRET}\n`),
  fc.constantFrom(
    'ftp://x',
    'http://',
    `https://u:${SECRET}@x/`,
    `https://x/?${SECRET}`,
    'http://[',
  ),
)

holds('a field that is wrong is named with its model, and its value is not repeated', 500, () =>
  fc.property(entry, fc.constantFrom(...known, ...strange), wrong, (good, field, value) => {
    const { [field as 'id']: _, ...others } = good
    // Text, so that __proto__ is a field like any other.
    const text = `[{${JSON.stringify(others).slice(1, -1)},"${field}":${JSON.stringify(value)}}]`
    const said = complaint(text)
    // A label may be anything, and a model be called what it will.
    if (said === undefined) return assert.ok(['id', 'label', 'model', 'vendor'].includes(field))
    assert.ok(said.includes(`"${field}"`))
    assert.match(said, / in its model no\. 1/)
    assert.equal(said.includes(SECRET), false)
  }),
)
