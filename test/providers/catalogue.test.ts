import t from 'tap'
import type { Provider } from '../../src/core/chunk.ts'
import { type CatalogueOptions, createCatalogue } from '../../src/providers/catalogue.ts'
import type { Entry } from '../../src/providers/entry.ts'
import { hear } from '../support/hear.ts'
import { startUpstream } from '../support/upstream.ts'

const demo: Provider = {
  async *stream() {
    yield [{ type: 'text', text: 'demo' }]
  },
}
const mine: Entry = {
  id: 'mine',
  label: 'Mine',
  baseURL: 'http://models.example:8000/v1',
  model: 'mine-1',
  contextWindow: 4096,
  prefix: 'native',
}
const given = (options: Partial<CatalogueOptions> = {}, env: Record<string, string> = {}) =>
  createCatalogue({
    localBaseURL: 'http://127.0.0.1:11434/v1',
    keys: name => env[name],
    demo,
    ...options,
  })

t.test('without any setting only the demo is ready, and it is the default', async t => {
  const catalogue = given()
  t.strictSame(
    catalogue.list().map(({ id, ready, missing }) => [id, ready, missing]),
    [
      ['chatgpt', false, 'OPENAI_API_KEY'],
      ['deepseek', false, 'DEEPSEEK_API_KEY'],
      ['local', false, 'LOCAL_MODEL'],
      ['demo', true, undefined],
    ],
  )
  t.equal(catalogue.preferred?.id, 'demo')
  t.match(catalogue.preferred?.label, /no AI/)
})

t.test('models of the file are shown between the vendors and the local one', async t => {
  const catalogue = given({ entries: [mine, { ...mine, id: 'other', vendor: 'Me' }] })
  t.strictSame(
    catalogue.list().map(({ id }) => id),
    ['chatgpt', 'deepseek', 'mine', 'other', 'local', 'demo'],
  )
  t.match(catalogue.find('mine'), {
    vendor: 'models.example:8000',
    ready: true,
    contextWindow: 4096,
  })
  t.equal(catalogue.find('other')?.vendor, 'Me')
  t.equal(catalogue.find('nobody'), undefined)
})

t.test('a key makes a model ready and the first ready one the default', async t => {
  t.equal(given({}, { DEEPSEEK_API_KEY: 'sk-1' }).preferred?.id, 'deepseek')
  t.equal(given({}, { OPENAI_API_KEY: 'sk-1', DEEPSEEK_API_KEY: 'sk-1' }).preferred?.id, 'chatgpt')
  t.equal(given({ localModel: 'llama' }).preferred?.id, 'local')
  t.match(given({}, { OPENAI_API_KEY: ' \n' }).find('chatgpt'), { ready: false })
})

t.test('an entry with a built-in id takes its place', async t => {
  for (const id of ['chatgpt', 'deepseek', 'local', 'demo']) {
    const catalogue = given({ entries: [{ ...mine, id }] })
    t.strictSame(
      catalogue.list().map(model => model.id),
      ['chatgpt', 'deepseek', 'local', 'demo'],
    )
    t.match(catalogue.find(id), { label: 'Mine', ready: true })
  }
})

t.test('an entry whose key is missing names the variable', async t => {
  const entries = [{ ...mine, apiKeyEnv: 'MY_KEY' }]
  t.match(given({ entries }).find('mine'), { ready: false, missing: 'MY_KEY' })
  t.match(given({ entries }, { MY_KEY: 'sk-1' }).find('mine'), { ready: true, missing: undefined })
})

t.test('a model that is not ready says what is missing when it is asked', async t => {
  const provider = given().find('chatgpt')?.provider ?? demo
  t.match((await hear(provider)).error, { code: 'provider_rejected', message: /OPENAI_API_KEY/ })
})

t.test('the default model may be named, but must exist and be ready', async t => {
  t.equal(given({ entries: [mine], preferred: 'demo' }).preferred?.id, 'demo')
  t.throws(() => given({ preferred: 'gpt' }), {
    message:
      'The setting DEFAULT_MODEL names gpt, but the models are chatgpt, deepseek, local, demo.',
  })
  t.throws(() => given({ preferred: 'chatgpt' }), {
    message: 'The setting DEFAULT_MODEL names chatgpt, which needs OPENAI_API_KEY to be set.',
  })
})

t.test('bad settings are told in a sentence, keys are not repeated', async t => {
  t.throws(() => given({}, { OPENAI_API_KEY: 'sk-1\nsk-2' }), {
    message: 'The setting OPENAI_API_KEY holds characters that no API key has.',
  })
  t.throws(() => given({ localBaseURL: 'http://' }), { message: /^The setting LOCAL_BASE_URL/ })
})

t.test('an entry becomes the request that it describes', async t => {
  const upstream = await startUpstream(t)
  const entry: Entry = {
    ...mine,
    baseURL: upstream.baseURL,
    apiKeyEnv: 'MY_KEY',
    maxTokensField: 'max_completion_tokens',
  }
  const catalogue = given({ entries: [entry] }, { MY_KEY: 'sk-1\n' })
  await hear(catalogue.find('mine')?.provider ?? demo, {
    prompt: { messages: [], params: { max_tokens: 5 }, prefix: 'a' },
  })
  t.match(upstream.requests[0], {
    headers: { authorization: 'Bearer sk-1' },
    json: {
      model: 'mine-1',
      max_completion_tokens: 5,
      messages: [{ role: 'assistant', content: 'a', prefix: true }],
    },
  })
})

t.test('the local model is asked where the setting says', async t => {
  const upstream = await startUpstream(t)
  const catalogue = given({ localBaseURL: upstream.baseURL, localModel: 'llama' })
  await hear(catalogue.find('local')?.provider ?? demo)
  t.match(upstream.requests[0], { json: { model: 'llama' } })
  t.notOk('authorization' in (upstream.requests[0]?.headers ?? {}))
})
