import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { Heard } from '../support/hear.ts'
import * as script from '../support/script.ts'
import { type Step, chunks, end, finish, head, reply, write } from '../support/script.ts'
import { prepare, watchSockets } from './ask.ts'

/** Hear one answer of these steps. */
async function hear(t: Parameters<typeof prepare>[0], ...steps: Step[]): Promise<Heard> {
  return (await prepare(t)).ask(steps)
}

/** Ends that are none: the stream is over, and nobody said that the answer is. */
const cuts: readonly [fact: string, code: string | undefined, ...steps: Step[]][] = [
  ['an end without a finish reason', undefined, end],
  ['[DONE] without a finish reason', undefined, write(script.DONE), end],
  ['an end inside a line', 'provider_broken', write('data: {"choi'), end],
  ['a TCP reset', 'provider_broken', script.reset],
  ['a connection closed inside the body', 'provider_broken', script.hangUp],
  ['malformed JSON', 'provider_broken', write('data: {nope}\n\n'), finish(), end],
  ['an error object', 'provider_unavailable', write('data: {"error":{"message":"vendor"}}\n\n')],
  ['an error text', 'provider_unavailable', write('data: {"error":"vendor"}\n\n')],
  [
    "an error as vLLM's",
    'provider_unavailable',
    write('data: {"object":"error","message":"vendor"}\n\n'),
  ],
  ['an error event', 'provider_unavailable', write('event: error\ndata: {"vendor":1}\n\n')],
  ['an error event without JSON', 'provider_unavailable', write('event: error\ndata: vendor\n\n')],
]
for (const [fact, code, ...steps] of cuts) {
  t.test(`${fact} is no end, and the text before it is kept`, async t => {
    const { ask, upstream } = await prepare(t)
    const heardText = Promise.withResolvers<void>()
    const heard = await ask(
      [head(), chunks({ content: 'kept' }), script.until(heardText.promise), ...steps],
      {
        batch: () => heardText.resolve(),
      },
    )
    t.match(heard, { text: 'kept', finish: undefined })
    t.equal(heard.error?.code, code)
    t.notMatch(heard.error?.message, /vendor|ECONN|127|aborted/)
    t.equal(upstream.requests.length, 1, 'nothing is tried again after the first piece')
  })
}

t.test('a refusal as first event is told as unavailable', async t => {
  for (const event of [{ rejected: { reason: 'vendor' } }, { type: 'rejected' }, { error: {} }]) {
    const heard = await hear(t, head(), script.events(event), end)
    t.match(heard, { text: '', finish: undefined, error: { code: 'provider_unavailable' } })
  }
})

t.test('garbage is not printed', async t => {
  const printed = t.capture(process.stderr, 'write', () => true)
  const logged = ['log', 'warn', 'error', 'debug'].map(name => t.capture(console, name as 'log'))
  await hear(t, head(), write('data: {secret}\n\n'), end)
  t.equal(printed().length, 0)
  t.strictSame(
    logged.flatMap(calls => calls()),
    [],
  )
})

for (const [what, start] of [
  ['line', 'data: {"choices":[{"delta":{"content":"'],
  ['document', '{"choices":[{"message":{"content":"'],
] as const) {
  t.test(`a ${what} without end is cut off, and its socket closed before that is told`, async t => {
    const sockets = watchSockets(t)
    const endless: Step = async ({ response, socket }) => {
      response.write(start)
      while (!socket.destroyed) {
        await new Promise<void>(done => response.write('x'.repeat(65_536), () => done()))
      }
    }
    const heard = await hear(t, head(), endless)
    t.match(heard, { text: '', error: { code: 'provider_broken', message: what } })
    t.ok(sockets[0]?.closed)
  })
}

t.test('a packed bomb is defused', async t => {
  const bomb = gzipSync(Buffer.concat([Buffer.from('data: '), Buffer.alloc(32 * 1024 * 1024, 'x')]))
  const heard = await hear(t, head(200, { 'content-encoding': 'gzip' }), write(bomb), end)
  t.match(heard, { text: '', error: { code: 'provider_broken' } })
})

const document = (message: object, rest: object = { finish_reason: 'stop' }): object => ({
  choices: [{ index: 0, message: { role: 'assistant', ...message }, ...rest }],
  usage: { prompt_tokens: 3, completion_tokens: 4 },
})

t.test('an answer that is not streamed is heard all the same', async t => {
  const heard = await hear(t, reply(200, document({ content: 'Hello', reasoning_content: 'Hm' })))
  const usage = { input: 3, output: 4 }
  t.match(heard, { text: 'Hello', reasoning: 'Hm', finish: 'complete', usage, error: undefined })
  t.match(await hear(t, reply(200, document({ content: 'a' }, {}))), { finish: 'complete' })
  t.match(await hear(t, reply(200, document({ content: 'a' }, { finish_reason: 'length' }))), {
    finish: 'length',
  })
})

t.test('a byte order mark and blanks before a document are nothing', async t => {
  const json = JSON.stringify(document({ content: 'a' }))
  t.match(await hear(t, reply(200, `\uFEFF\n ${json}`)), { text: 'a', finish: 'complete' })
})

const noAnswers: readonly [fact: string, body: string | object][] = [
  ['a page', '<!doctype html><title>Please log in</title>'],
  ['an error document', { error: { message: 'vendor' } }],
  ['a document without an answer', { hello: 'world' }],
  ['an empty answer', document({ content: '' })],
  ['an answer of null', document({ content: null })],
  ['an array', [1, 2]],
  ['a broken document', '{"choices":[{"message":{"content":"a"'],
]
for (const [fact, body] of noAnswers) {
  t.test(`${fact} is no answer`, async t => {
    const heard = await hear(t, reply(200, body))
    t.match(heard, { text: '', finish: undefined, error: { code: 'provider_broken' } })
    t.notMatch(heard.error?.message, /vendor|<|log in/)
  })
}

t.test('an empty body just ends, without a finish', async t => {
  for (const status of [200, 204]) {
    t.match(await hear(t, reply(status, '')), { text: '', finish: undefined, error: undefined })
  }
})
