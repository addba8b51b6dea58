/** Neither transport can do, or say, anything that the other cannot. */
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { chunks, end, finish, head, never, reset, say, until } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { websocketWire } from '../support/wire-websocket.ts'
import { storeOf } from './scene.ts'
import { type Heard, type Reader, rest, take, textOf, upTo } from '../support/wire.ts'

const LONG = Array.from({ length: 40 }, (_, i) => `${i} 你好 👩‍👩‍👧‍👦\n\n`)

async function scene(t: Test) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env: { STORE: storeOf(t, 'sqlite') } })
  return { upstream, app, sse: sseWire(app.url), websocket: websocketWire(t, app.url) }
}

const texts = (heard: readonly Heard[]): string[] => heard.map(({ json }) => json)

/** What an event says, without what differs between two answers: ids and the time. */
const said = (heard: readonly Heard[]): object[] =>
  heard.map(({ event }) => ({ ...event, generation: '', conversation: '', at: 0 }))

t.test('both send the same bytes of the same log', async t => {
  const { upstream, sse, websocket } = await scene(t)
  upstream.play(...say(...LONG))
  const first = await sse.start({ message: 'Hello?' })
  const heard = await rest(first)
  t.same(texts(await rest(await websocket.attach(first.generation))), texts(heard))
  t.equal(textOf(heard), LONG.join(''))
})

t.test('both say the same of the same answer, however it ends', async t => {
  const answers = [
    say('Hello ', 'world'),
    [head(), chunks({ reasoning_content: 'hm' }, { content: 'yes' }), finish('length'), end],
    [head(), chunks({ content: 'half' }), reset],
    [head(), end],
  ]
  for (const answer of answers) {
    const { upstream, sse, websocket } = await scene(t)
    upstream.always(...answer)
    const [one, two] = [
      await rest(await sse.start({ message: 'x' })),
      await rest(await websocket.start({ message: 'x' })),
    ]
    t.same(said(one), said(two))
  }
})

/**
 * For every seq k: read to k by one transport while the answer is written, drop, go on by the
 * other. Whatever k is, each event comes once and the text is the same. The model says the next
 * piece when a reader has the last one, so that each is an event of its own.
 */
async function switches(t: Test, from: 'sse' | 'websocket', to: 'sse' | 'websocket') {
  const { upstream, ...wires } = await scene(t)
  const pieces = LONG.slice(0, 12)
  // started, the pieces, usage, done.
  const total = pieces.length + 3
  for (let k = 1; k <= total; k++) {
    const gates = pieces.map(() => Promise.withResolvers<void>())
    const open = ({ event }: Heard): void => gates[event.seq - 1]?.resolve()
    const said = pieces.flatMap((content, i) => [
      until(gates[i]?.promise ?? Promise.resolve()),
      chunks({ content }),
    ])
    upstream.play(head(), ...said, finish(), end)
    const first = await wires[from].start({ message: 'x' })
    const seen: Heard[] = []
    while (seen.length < k) {
      seen.forEach(open)
      seen.push(...(await take(first, 1)))
    }
    first.drop()
    seen.forEach(open)
    const left = k === total ? [] : await all(await wires[to].attach(first.generation, k), open)
    const whole = [...seen, ...left]
    const seqs = whole.map(({ event }) => event.seq)
    t.same(
      seqs,
      Array.from({ length: total }, (_, i) => i + 1),
      `each once, dropped at ${k}`,
    )
    t.equal(textOf(whole), pieces.join(''), `the text is whole, dropped at ${k}`)
    t.same(texts(whole), texts(await rest(await wires[from].attach(first.generation))))
  }
}

/** All that is left, telling of each event as it comes. */
async function all(reader: Reader, tell: (heard: Heard) => void): Promise<Heard[]> {
  const heard: Heard[] = []
  for await (const one of reader) {
    heard.push(one)
    tell(one)
  }
  return heard
}

t.test('an answer dropped at any seq of SSE goes on by WebSocket', t =>
  switches(t, 'sse', 'websocket'),
)
t.test('an answer dropped at any seq of WebSocket goes on by SSE', t =>
  switches(t, 'websocket', 'sse'),
)
t.test('an answer dropped at any seq of SSE goes on by SSE', t => switches(t, 'sse', 'sse'))
t.test('an answer dropped at any seq of WebSocket goes on by it', t =>
  switches(t, 'websocket', 'websocket'),
)

t.test('what one transport started, the other stops and updates', async t => {
  const { upstream, sse, websocket } = await scene(t)
  for (const [starter, other] of [
    [sse, websocket],
    [websocket, sse],
  ] as const) {
    upstream.play(head(), chunks({ content: 'one ' }), never)
    upstream.play(head(), chunks({ content: 'two' }), never)
    const reader = await starter.start({ message: 'x' })
    const heard = await upTo(reader, 'text')
    await other.update(reader.generation, { params: { temperature: 1 } })
    heard.push(...(await upTo(reader, 'updated')), ...(await upTo(reader, 'text')))
    await other.stop(reader.generation)
    heard.push(...(await rest(reader)))
    t.equal(textOf(heard), 'one two')
    t.match(heard.at(-1)?.event, { type: 'done', reason: 'stopped' })
  }
})

t.test('both watch one answer live, and see each event once', async t => {
  const { upstream, sse, websocket } = await scene(t)
  const go = Promise.withResolvers<void>()
  upstream.play(head(), until(go.promise), ...say(...LONG).slice(1))
  const first = await sse.start({ message: 'x' })
  const others = await Promise.all(
    Array.from({ length: 10 }, (_, i) => (i % 2 ? sse : websocket).attach(first.generation)),
  )
  go.resolve()
  const heard = texts(await rest(first))
  for (const other of others) t.same(texts(await rest(other)), heard)
})
