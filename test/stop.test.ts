/** Stop is real: the upstream socket is closed, in every window of an answer, before stop replies. */
import t, { type Test } from 'tap'
import { build } from './support/app.ts'
import { chunks, head, never, reply } from './support/script.ts'
import { type Upstream, startUpstream } from './support/upstream.ts'
import { sseWire } from './support/wire-sse.ts'
import { websocketWire } from './support/wire-websocket.ts'
import { type Reader, type Wire, rest, upTo } from './support/wire.ts'

/** From the stop to the close, as the provider sees it. */
const LIMIT_MS = 100
/** The machines are shared: a pause of the process is not the server's slowness. The best counts. */
const TRIES = 5

interface Window {
  readonly name: string
  readonly play: (upstream: Upstream) => void
  /** Resolves when the answer is in that window. */
  readonly reached: (upstream: Upstream, reader: Reader, count: number) => Promise<unknown>
}

const windows: readonly Window[] = [
  { name: 'queued', play: upstream => upstream.play(never), reached: async () => {} },
  {
    name: 'waiting for headers',
    play: upstream => upstream.play(never),
    reached: (upstream, _reader, count) => upstream.arrived(count),
  },
  {
    name: 'streaming',
    play: upstream => upstream.play(head(), chunks({ content: 'half' }), never),
    reached: (_upstream, reader) => upTo(reader, 'text'),
  },
  {
    name: 'between retries',
    play: upstream => upstream.play(reply(503, 'down')),
    reached: (upstream, _reader, count) => upstream.arrived(count),
  },
]

async function stopIn(
  t: Test,
  window: Window,
  open: (t: Test, url: string) => Wire,
): Promise<void> {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  const wire = open(t, app.url)
  let best = Infinity
  for (let i = 0; i < TRIES; i++) {
    window.play(upstream)
    const count = upstream.requests.length + (window.name === 'queued' ? 0 : 1)
    const reader = await wire.start({ message: 'x' })
    await window.reached(upstream, reader, count)
    const before = performance.now()
    await wire.stop(reader.generation)
    // A socket that a retry left is idle and may be kept: there the reply is what counts. One with
    // a request on it may not be kept.
    const replied = performance.now()
    const asked = upstream.requests.at(-1)
    const idle = window.name === 'between retries' || asked === undefined
    best = Math.min(best, (idle ? replied : await asked.closed) - before)
    const heard = await rest(await wire.attach(reader.generation))
    t.match(heard.at(-1)?.event, { type: 'done', reason: 'stopped', by: 'client' })
  }
  t.ok(best < LIMIT_MS, `closed ${Math.round(best)} ms after the stop`)
  const asked = upstream.requests.length
  // Nothing is asked for again after a stop.
  await app.server.close()
  t.equal(upstream.requests.length, asked)
}

for (const window of windows) {
  t.test(`${window.name}, by SSE`, t => stopIn(t, window, (_t, url) => sseWire(url)))
  t.test(`${window.name}, by WebSocket`, t => stopIn(t, window, websocketWire))
}

t.test('the server going down closes the upstream sockets of all live answers', async t => {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream })
  upstream.always(head(), chunks({ content: 'half' }), never)
  const wire = sseWire(app.url)
  const readers = await Promise.all([1, 2, 3].map(() => wire.start({ message: 'x' })))
  await Promise.all(readers.map(reader => upTo(reader, 'text')))
  const closed = app.server.close()
  for (const reader of readers) {
    t.match((await rest(reader)).at(-1)?.event, { type: 'failed', code: 'interrupted' })
  }
  await closed
  await upstream.drained()
})
