import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { Prompt } from '../../src/core/chunk.ts'
import { createOpenAI } from '../../src/providers/openai.ts'
import { hear, question } from '../support/hear.ts'
import {
  type Step,
  chunk,
  chunks,
  end,
  events,
  finish,
  head,
  reply,
  say,
} from '../support/script.ts'
import { KEY, prepare, provide } from './ask.ts'

t.test('an answer is streamed as text and its end', async t => {
  const { ask } = await prepare(t)
  t.match(await ask(say('Hello ', 'world')), {
    text: 'Hello world',
    reasoning: '',
    finish: 'complete',
    error: undefined,
  })
})

t.test('the request carries the model, the messages, the settings and the key', async t => {
  const { ask, upstream } = await prepare(t)
  const prompt: Prompt = {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello?' },
    ],
    params: {
      temperature: 0,
      top_p: 0.5,
      max_tokens: 7,
      presence_penalty: 1,
      frequency_penalty: -1,
      seed: 42,
      stop: ['\n'],
      system: 'not sent: it is a message already',
    },
  }
  await ask(undefined, { prompt })
  const [request] = upstream.requests
  t.equal(`${request?.method} ${request?.path}`, 'POST /v1/chat/completions')
  t.strictSame(request?.json, {
    model: 'fake',
    messages: prompt.messages,
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0,
    top_p: 0.5,
    max_tokens: 7,
    presence_penalty: 1,
    frequency_penalty: -1,
    seed: 42,
    stop: ['\n'],
  })
  t.equal(request?.headers.authorization, `Bearer ${KEY}`)
  t.equal(request?.headers['accept-encoding'], 'identity')
})

t.test('settings that were not given are not sent', async t => {
  const { ask, upstream } = await prepare(t)
  await ask()
  const sent = Object.keys(upstream.requests[0]?.json ?? {}).toSorted()
  t.strictSame(sent, ['messages', 'model', 'stream', 'stream_options'])
})

t.test('max_tokens goes by the name that the entry says', async t => {
  const { ask, upstream } = await prepare(t, { maxTokensField: 'max_completion_tokens' })
  await ask(undefined, { prompt: { ...question, params: { max_tokens: 9 } } })
  t.match(upstream.requests[0]?.json, { max_completion_tokens: 9, max_tokens: undefined })
})

t.test('without a key no Authorization is sent', async t => {
  const { upstream, ask } = await prepare(t)
  await ask()
  await hear(createOpenAI({ baseURL: upstream.baseURL, model: 'fake', prefix: 'prompt' }))
  t.notOk('authorization' in (upstream.requests[1]?.headers ?? {}))
})

t.test("the environment's settings of the SDK reach no endpoint", async t => {
  const { upstream, ask } = await prepare(t)
  for (const name of ['ORG_ID', 'PROJECT_ID', 'ADMIN_KEY', 'BASE_URL']) {
    process.env[`OPENAI_${name}`] = 'leak-1'
    t.teardown(() => delete process.env[`OPENAI_${name}`])
  }
  process.env['OPENAI_CUSTOM_HEADERS'] = 'x-custom: leak-2\nAuthorization: leak-3'
  t.teardown(() => delete process.env['OPENAI_CUSTOM_HEADERS'])
  await hear(provide(upstream.baseURL))
  await hear(createOpenAI({ baseURL: upstream.baseURL, model: 'fake', prefix: 'prompt' }))
  await ask()
  t.equal(upstream.requests.length, 3)
  t.notMatch(JSON.stringify(upstream.requests), /leak-\d/)
})

t.test('a key that no header can carry is refused without being repeated', async t => {
  t.throws(() => provide('http://127.0.0.1:1/v1', { apiKey: 'sk-1\nx: y' }), {
    message: 'An API key may hold only visible ASCII characters.',
  })
})

t.test('a text is continued by a message with `prefix: true`, at the address for it', async t => {
  const stable = await prepare(t)
  const beta = await prepare(t)
  const provider = provide(stable.upstream.baseURL, {
    prefix: 'native',
    prefixURL: beta.upstream.baseURL,
  })
  await hear(provider)
  await hear(provider, { prompt: { ...question, prefix: 'Once upon a ti' } })
  t.equal(stable.upstream.requests.length, 1)
  t.match(beta.upstream.requests[0]?.json, {
    messages: [
      { role: 'user', content: 'Hello?' },
      { role: 'assistant', content: 'Once upon a ti', prefix: true },
    ],
  })
})

t.test('elsewhere the model is asked to go on where the text broke off', async t => {
  const { ask, upstream } = await prepare(t)
  await ask(undefined, { prompt: { ...question, prefix: 'Once upon a ti' } })
  t.match(upstream.requests[0]?.json, {
    messages: [
      { role: 'user', content: 'Hello?' },
      { role: 'assistant', content: 'Once upon a ti', prefix: undefined },
      { role: 'user', content: /Go on exactly where it stops/ },
    ],
  })
})

t.test('an empty prefix is none', async t => {
  const { ask, upstream } = await prepare(t, { prefix: 'native' })
  await ask(undefined, { prompt: { ...question, prefix: '' } })
  t.match(upstream.requests[0]?.json, { messages: { length: 1 } })
})

t.test('one connection serves one answer after the other', async t => {
  const { ask, upstream } = await prepare(t)
  for (let i = 0; i < 3; i++) {
    t.equal((await ask()).finish, 'complete')
    // The end of the body is read in the background.
    await turn()
    await turn()
  }
  t.strictSame(
    upstream.requests.map(request => request.connection),
    [1, 1, 1],
  )
})

t.test('a connection is used again after an error', async t => {
  const { ask, upstream } = await prepare(t)
  await ask([reply(400, { error: { message: 'no' } })])
  await turn()
  t.equal((await ask()).finish, 'complete')
  t.equal(upstream.connections, 1)
})

t.test('an upstream that goes on after its end is cut off', async t => {
  const { ask, upstream } = await prepare(t)
  const flood: Step = async ({ response, socket }) => {
    while (!socket.destroyed) {
      await new Promise<void>(done => response.write('x'.repeat(65_536), () => done()))
    }
  }
  const heard = await ask([head(), chunks({ content: 'a' }), finish(), flood])
  t.equal(heard.finish, 'complete')
  const ended = performance.now()
  const closed = (await upstream.requests[0]?.closed) ?? Infinity
  t.ok(closed - ended < 500)
})

t.test('an upstream that ends its answer but not its response is left in the end', async t => {
  const { ask, upstream } = await prepare(t)
  t.equal((await ask([head(), chunks({ content: 'a' }), finish()])).finish, 'complete')
  t.type(await upstream.requests[0]?.closed, 'number')
})

t.test('what came in one read travels in one batch', async t => {
  const { ask } = await prepare(t)
  const all = ['a', 'b', 'c'].map(
    content => `data: ${JSON.stringify(chunk({ delta: { content } }))}\n\n`,
  )
  const heard = await ask([head(), ({ response }) => response.write(all.join('')), finish(), end])
  t.strictSame(
    heard.batches[0]
      ?.filter(({ type }) => type === 'text')
      .map(said => 'text' in said && said.text),
    ['a', 'b', 'c'],
  )
})

t.test('a delta without text is an empty batch, a sign of life', async t => {
  const { ask } = await prepare(t)
  const more = Promise.withResolvers<void>()
  const heard = await ask(
    [head(), chunks({ role: 'assistant', content: '' }), () => more.promise, ...say('a').slice(1)],
    { batch: batch => batch.length === 0 && more.resolve() },
  )
  t.strictSame(heard.batches[0], [])
  t.equal(heard.text, 'a')
})

t.test('the tokens counted by the provider are told once', async t => {
  const { ask } = await prepare(t)
  const count = (n: number) => ({ usage: { prompt_tokens: 5, completion_tokens: n } })
  const heard = await ask([
    head(),
    events({ ...chunk({ delta: { content: 'a' } }), ...count(1) }),
    events({ ...chunk({ finish_reason: 'stop' }), usage: null }),
    events({ choices: [], ...count(2) }),
    finish(),
    end,
  ])
  t.strictSame(heard.usage, { input: 5, output: 2 })
})
