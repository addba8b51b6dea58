import { getEventListeners } from 'node:events'
import { mock } from 'node:test'
import t from 'tap'
import type { Chunk, Message, Params, Prompt } from '../../src/core/chunk.ts'
import { createDemo } from '../../src/providers/demo.ts'

const never = new AbortController().signal
const fast = createDemo({ tokensPerSecond: Infinity })

type Batch = readonly Chunk[]

interface Said {
  batches: Batch[]
  chunks: Chunk[]
  pieces: string[]
  text: string
}

async function gather(stream: AsyncIterable<Batch>): Promise<Batch[]> {
  const batches: Batch[] = []
  for await (const batch of stream) batches.push(batch)
  return batches
}

async function collect(prompt: Prompt): Promise<Said> {
  const batches = await gather(fast.stream(prompt, never))
  const chunks = batches.flat()
  const pieces = chunks.flatMap(chunk => (chunk.type === 'text' ? [chunk.text] : []))
  return { batches, chunks, pieces, text: pieces.join('') }
}

const user = (content: string): Message => ({ role: 'user', content })

const ask = (content: string, params: Params = {}): Promise<Said> =>
  collect({ messages: [user(content)], params })

void t.test('pieces are as small as tokens and keep characters whole', async t => {
  for (const question of ['a long answer', '很长', `What is ${'👩‍💻'.repeat(100)}?`]) {
    const { pieces } = await ask(question)
    t.ok(pieces.every(piece => piece.isWellFormed() && piece.length <= 16))
    t.ok(pieces.includes('👩‍💻') && pieces.includes('🇨🇳'))
  }
})

void t.test('the length follows the wish', async t => {
  const within = async (least: number, most: number, questions: string[]) => {
    for (const question of questions) {
      const size = (await ask(question)).pieces.length
      t.ok(size >= least && size <= most, `${question}: ${size} in ${least}-${most}`)
    }
  }
  await within(80, 149, ['hi', 'Hello there!', 'hi 👋', '你好！', '谢谢', 'ping'])
  await within(150, 250, ['What is a stream?', 'How long is the Nile?', '什么是流？'])
  await within(1500, 2500, ['a long answer', 'long', 'write 500 words', 'A 1,000-word story'])
  await within(1500, 2500, ['写一篇长文', '很长', '写得长一点', '写800字', '一千字的作文'])
})

void t.test('counts with one number per piece', async t => {
  const { pieces } = await ask('count to 300')
  for (const piece of ['\n131', ' 137', ' 300']) t.ok(pieces.includes(piece))
})

void t.test('reasons before it answers', async t => {
  const types = (await ask('think about it')).chunks.map(chunk => chunk.type)
  t.equal(types[0], 'reasoning')
  t.ok(types.lastIndexOf('reasoning') < types.indexOf('text'))
})

void t.test('has nothing to add to a whole answer', async t => {
  const { text } = await ask('What is a stream?')
  const { chunks } = await collect({
    messages: [user('What is a stream?')],
    params: {},
    prefix: text,
  })
  t.match(chunks, [
    { type: 'finish', reason: 'complete' },
    { type: 'usage', output: 0 },
  ])
  t.equal(chunks.length, 2)
})

void t.test('ends with how it ended and what was used', async t => {
  const { chunks, pieces } = await ask('think about it')
  t.same(chunks.at(-2), { type: 'finish', reason: 'complete' })
  const last = chunks.at(-1)
  t.match(last, { type: 'usage', input: 3, output: chunks.length - 2 })
  t.ok(pieces.length < chunks.length - 2, 'reasoning is counted')
})

void t.test('max_tokens cuts the answer short', async t => {
  const whole = await ask('count to 300', { max_tokens: 100_000 })
  const cut = await ask('count to 300', { max_tokens: 20 })
  t.same(cut.pieces, whole.pieces.slice(0, 20))
  t.same(cut.chunks.slice(-2), [
    { type: 'finish', reason: 'length' },
    { type: 'usage', input: 3, output: 20 },
  ])
  // The limit is mentioned, so its number of digits counts as well.
  const { length } = (await ask('hi', { max_tokens: 999 })).pieces
  t.match((await ask('hi', { max_tokens: length })).chunks.at(-2), { reason: 'complete' })
  t.match((await ask('hi', { max_tokens: length - 1 })).chunks.at(-2), { reason: 'length' })
})

void t.test('the first stop sequence ends the answer and is not said', async t => {
  const { text, chunks } = await ask('count to 300', { stop: ['', '\ud83e', ' 200', ' 42'] })
  t.ok(text.endsWith('\n41'))
  t.match(chunks.at(-2), { type: 'finish', reason: 'complete' })
  t.equal((await ask('hi', { stop: ['\n\n'] })).text.split('\n').length, 1)
})

void t.test('without a pace everything comes at once, in bounded batches', async t => {
  t.equal((await ask('What is a stream?')).batches.length, 1)
  const { batches } = await ask('count to 5000')
  t.ok(batches.length > 10 && batches.every(batch => batch.length <= 258))
})

void t.test('a pace that is not above zero is refused', async t => {
  for (const tokensPerSecond of [0, -1, NaN])
    t.throws(() => createDemo({ tokensPerSecond }), RangeError)
})

/** A stream at ten pieces a second whose clock stands still until it is moved. */
function clocked(content = 'What is a stream?', signal = never) {
  let time = 5000
  const demo = createDemo({ tokensPerSecond: 10, now: () => time })
  const batches = demo.stream({ messages: [user(content)], params: {} }, signal)
  return {
    stream: batches[Symbol.asyncIterator](),
    move: (ms: number) => {
      time += ms
      mock.timers.tick(ms)
    },
  }
}

void t.test('with a clock that is moved by hand', async t => {
  t.beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  t.afterEach(() => mock.timers.reset())

  const size = async (batch: Promise<IteratorResult<readonly Chunk[]>>) =>
    (await batch).value?.length

  await t.test('the first piece comes at once and the next when it is due', async t => {
    const { stream, move } = clocked()
    t.equal(await size(stream.next()), 1)
    let early = true
    const second = stream.next().finally(() => (early = false))
    move(99)
    await new Promise(setImmediate)
    t.ok(early)
    move(1)
    t.equal(await size(second), 1)
  })

  await t.test('pieces that are overdue come as one batch', async t => {
    const { stream, move } = clocked()
    await stream.next()
    const late = stream.next()
    move(500)
    t.equal(await size(late), 5, 'the event loop stalled')
    move(1000)
    const slow = stream.next()
    move(0)
    t.equal(await size(slow), 10, 'the reader stalled')
  })

  await t.test('the last piece takes finish and usage with it', async t => {
    const { stream, move } = clocked('hi')
    await stream.next()
    const last = stream.next()
    move(3_600_000)
    const { value } = await last
    t.match(value?.slice(-2), [{ type: 'finish' }, { type: 'usage' }])
    t.same(await stream.next(), { value: undefined, done: true })
  })
})

/** Real timers, and a pace at which the second piece would take a quarter of an hour. */
function waiting(signal: AbortSignal) {
  const demo = createDemo({ tokensPerSecond: 0.001 })
  return demo.stream({ messages: [user('hi')], params: {} }, signal)[Symbol.asyncIterator]()
}

const timers = (): number =>
  process.getActiveResourcesInfo().filter(name => name === 'Timeout').length

const done = { value: undefined, done: true }

void t.test('an abort ends the wait at once and leaves nothing behind', async t => {
  const stop = new AbortController()
  const before = timers()
  const stream = waiting(stop.signal)
  await stream.next()
  t.equal(getEventListeners(stop.signal, 'abort').length, 0, 'no listener while nobody waits')
  const next = stream.next()
  await Promise.resolve()
  t.equal(timers(), before + 1)
  stop.abort()
  t.same(await next, done)
  t.equal(timers(), before)
  t.equal(getEventListeners(stop.signal, 'abort').length, 0)
  t.same(await stream.next(), done)
})

void t.test('return ends a wait under way and leaves nothing behind', async t => {
  const { signal } = new AbortController()
  const before = timers()
  const stream = waiting(signal)
  await stream.next()
  const next = stream.next()
  await Promise.resolve()
  t.equal(timers(), before + 1)
  t.same(await stream.return?.(), done)
  t.same(await next, done)
  t.equal(timers(), before)
  t.equal(getEventListeners(signal, 'abort').length, 0)
})

void t.test('an aborted signal gets no chunk, and a loop can be left', async t => {
  const prompt = { messages: [user('count to 5000')], params: {} }
  t.same(await gather(fast.stream(prompt, AbortSignal.abort())), [])
  const stop = new AbortController()
  let batches = 0
  for await (const batch of fast.stream(prompt, stop.signal)) {
    batches += batch.length > 0 ? 1 : 0
    stop.abort()
  }
  t.equal(batches, 1)
  for await (const batch of fast.stream(prompt, never)) if (batch.length > 0) break
})
