/** The provider against a mock that others have written to be like the real servers. */
import { LLMock } from '@copilotkit/aimock'
import t, { type Test } from 'tap'
import type { Provider } from '../../src/core/chunk.ts'
import { hear } from '../support/hear.ts'
import { provide } from './ask.ts'

async function prepare(t: Test): Promise<[LLMock, Provider]> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', chunkSize: 4 })
  await mock.start()
  t.teardown(() => mock.stop())
  return [mock, provide(`${mock.url}/v1`)]
}
const ask = (content: string) => ({ messages: [{ role: 'user', content } as const], params: {} })

t.test('text is streamed in pieces', async t => {
  const [mock, provider] = await prepare(t)
  mock.onMessage('hello', { content: 'Hi there, 世界! 🌍' })
  const heard = await hear(provider, { prompt: ask('hello') })
  t.match(heard, { text: 'Hi there, 世界! 🌍', finish: 'complete', error: undefined })
  t.match(mock.getLastRequest(), { body: { model: 'fake', stream: true } })
})

t.test('reasoning comes before the text and apart from it', async t => {
  const [mock, provider] = await prepare(t)
  mock.onMessage('think', { content: 'Four.', reasoning: 'Two and two …' })
  const heard = await hear(provider, { prompt: ask('think') })
  t.match(heard, { text: 'Four.', reasoning: 'Two and two …', finish: 'complete' })
})

t.test('usage is asked for and told', async t => {
  const [mock, provider] = await prepare(t)
  const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 }
  mock.onMessage('count', { content: 'One two three', usage })
  const heard = await hear(provider, { prompt: ask('count') })
  t.match(heard, { usage: { input: 11, output: 7 }, finish: 'complete' })
})

t.test('the reason of the end is told', async t => {
  const [mock, provider] = await prepare(t)
  mock.onMessage('long', { content: 'and so on', finishReason: 'length' })
  t.match(await hear(provider, { prompt: ask('long') }), { text: 'and so on', finish: 'length' })
})

t.test('a refused key is told without the words of the vendor', async t => {
  const [mock, provider] = await prepare(t)
  mock.onMessage('x', {
    error: { message: 'Incorrect API key', code: 'invalid_api_key' },
    status: 401,
  })
  const { error } = await hear(provider, { prompt: ask('x') })
  t.match(error, { code: 'provider_rejected', retryable: false })
  t.notMatch(error?.message, /Incorrect/)
  t.equal(mock.getRequests().length, 1)
})

t.test('an error that passes is tried again', async t => {
  const [mock, provider] = await prepare(t)
  mock.onMessage('x', { content: 'There you are' })
  mock.nextRequestError(503, { message: 'Overloaded' })
  t.match(await hear(provider, { prompt: ask('x') }), { text: 'There you are', finish: 'complete' })
  t.equal(mock.getRequests().length, 2)
})

t.test('a rate limit with a long wait is passed on', async t => {
  const [mock, provider] = await prepare(t)
  mock.onMessage('x', { error: { message: 'Slow down' }, status: 429, retryAfter: 20 })
  const { error } = await hear(provider, { prompt: ask('x') })
  t.match(error, { code: 'provider_unavailable', retryAfter: 20 })
  t.equal(mock.getRequests().length, 1)
})

t.test('a stream that is cut is broken, and what it said is kept', async t => {
  const [mock, provider] = await prepare(t)
  mock.onMessage(
    'cut',
    { content: 'This will never be said to its end' },
    { truncateAfterChunks: 3, latency: 1 },
  )
  const { text, finish, error } = await hear(provider, { prompt: ask('cut') })
  t.ok(text.length > 0 && 'This will never be said to its end'.startsWith(text))
  t.equal(finish, undefined)
  t.equal(error?.code, 'provider_broken')
})

t.test('malformed data is broken', async t => {
  const [mock, provider] = await prepare(t)
  mock.onMessage('x', { content: 'Hello' })
  mock.setChaos({ malformedRate: 1 })
  t.match(await hear(provider, { prompt: ask('x') }), {
    text: '',
    finish: undefined,
    error: { code: 'provider_broken' },
  })
})
