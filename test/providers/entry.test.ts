import t from 'tap'
import { parseEntries } from '../../src/providers/entry.ts'

const entry = {
  id: 'mine',
  label: 'Mine',
  baseURL: 'https://models.example/v1',
  model: 'mine-1',
  contextWindow: 4096,
  prefix: 'prompt',
}
const full = {
  ...entry,
  vendor: 'Me',
  prefixURL: 'https://models.example/beta',
  apiKeyEnv: 'MY_KEY',
  maxTokensField: 'max_completion_tokens',
}

t.test('entries are read as they are written', async t => {
  t.strictSame(parseEntries(JSON.stringify([entry, { ...full, id: 'full' }])), [
    entry,
    { ...full, id: 'full' },
  ])
  t.strictSame(parseEntries('\uFEFF[]'), [])
})

/** What is wrong, and what the one sentence about it names. */
const mistakes: readonly [fact: string, value: unknown, names: RegExp][] = [
  ['no array', entry, /must hold a JSON array/],
  ['no object', ['mine'], /something else than an object .* model no\. 1\./],
  [
    'an unknown field',
    [{ ...entry, apiKey: 'sk-1' }],
    /unknown field "apiKey" .* no\. 1 \("mine"\)/,
  ],
  ['a field of every object', [{ ...entry, toString: 1 }], /unknown field "toString"/],
  ['a missing field', [entry, { ...entry, model: undefined }], /no "model" .* no\. 2 \("mine"\)/],
  ['an id with blanks', [{ ...entry, id: 'my model' }], /wrong "id"/],
  ['an empty label', [{ ...entry, label: '' }], /wrong "label"/],
  ['a key instead of its variable', [{ ...entry, apiKeyEnv: 'sk-1' }], /wrong "apiKeyEnv"/],
  ['a window of nothing', [{ ...entry, contextWindow: 0 }], /wrong "contextWindow"/],
  ['a window in words', [{ ...entry, contextWindow: '8k' }], /wrong "contextWindow"/],
  ['a prefix of another kind', [{ ...entry, prefix: 'none' }], /wrong "prefix" .*`native`/],
  ['a limit of another name', [{ ...entry, maxTokensField: 'max' }], /wrong "maxTokensField"/],
  ['a URL without a scheme', [{ ...entry, baseURL: 'models.example/v1' }], /wrong "baseURL"/],
  ['a URL of files', [{ ...entry, baseURL: 'file:///etc' }], /wrong "baseURL"/],
  ['a URL that is none', [{ ...entry, baseURL: 'http://' }], /wrong "baseURL"/],
  ['a URL with a password', [{ ...entry, baseURL: 'https://a:sk-1@b/v1' }], /wrong "baseURL"/],
  ['a URL with a query', [{ ...entry, prefixURL: 'https://b/v1?key=sk-1' }], /wrong "prefixURL"/],
  ['an id twice', [entry, entry], /two models with the id "mine"/],
]
for (const [fact, value, names] of mistakes) {
  t.test(`${fact} is refused in one sentence`, async t => {
    t.throws(() => parseEntries(JSON.stringify(value)), { message: names })
    t.throws(() => parseEntries(JSON.stringify(value)), { message: /^The models file [^\n]+\.$/ })
    t.throws(() => parseEntries(JSON.stringify(value)), { message: /^(?!.*sk-1)/ })
  })
}

t.test('a file that is not JSON is refused without being repeated', async t => {
  t.throws(() => parseEntries('[{ sk-1 }]'), { message: 'The models file is not valid JSON.' })
})
