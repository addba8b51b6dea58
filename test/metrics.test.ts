/** What operators see at /metrics after something has really happened. */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { build } from './support/app.ts'
import { folderFor } from './support/folder.ts'
import { chunks, finish, head, never, reply, until } from './support/script.ts'
import { startUpstream } from './support/upstream.ts'
import { sseWire } from './support/wire-sse.ts'
import { websocketWire } from './support/wire-websocket.ts'
import { rest, take } from './support/wire.ts'

async function scene(t: Test) {
  const folder = folderFor(t)
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env: { STORE: `sqlite:${join(folder, 'chatai.db')}` } })
  /** The value of a sample, named with its labels as Prometheus writes them; 0 if it is not there. */
  async function sample(name: string): Promise<number> {
    const text = await (await fetch(`${app.url}/metrics`)).text()
    const line = text.split('\n').find(one => one.startsWith(`${name} `))
    return Number(line?.slice(name.length + 1) ?? 0)
  }
  return { upstream, sample, sse: sseWire(app.url), websocket: websocketWire(t, app.url) }
}

t.test('answers are counted by how they began and ended', async t => {
  const { upstream, sample, sse } = await scene(t)
  await rest(await sse.start({ message: 'x' }))
  upstream.play(reply(401, {}))
  await rest(await sse.start({ message: 'x' }))
  t.equal(await sample('chatai_generations_started_total{model="fake"}'), 2)
  t.equal(await sample('chatai_generations_ended_total{model="fake",end="complete"}'), 1)
  t.equal(await sample('chatai_generations_ended_total{model="fake",end="provider_rejected"}'), 1)
  t.equal(await sample('chatai_provider_errors_total{model="fake",code="provider_rejected"}'), 1)
  t.equal(await sample('chatai_first_token_seconds_count{model="fake"}'), 1)
  t.equal(await sample('chatai_generations_live'), 0)
})

t.test('stops and updates are counted, and how long a stop took', async t => {
  const { upstream, sample, sse } = await scene(t)
  upstream.always(head(), chunks({ content: 'half' }), never)
  const reader = await sse.start({ message: 'x' })
  await take(reader, 1)
  await sse.update(reader.generation, { params: { temperature: 0.5 } })
  t.equal(await sample('chatai_generations_live'), 1)
  await sse.stop(reader.generation)
  await sse.stop(reader.generation)
  t.equal(await sample('chatai_updates_total{model="fake"}'), 1)
  t.equal(await sample('chatai_stop_seconds_count'), 1, 'the second had nothing to stop')
})

t.test('readers, and what is sent to them, are counted by transport', async t => {
  const { upstream, sample, sse, websocket } = await scene(t)
  const gate = Promise.withResolvers<void>()
  upstream.play(head(), chunks({ content: 'one' }), until(gate.promise), finish())
  const first = await sse.start({ message: 'x' })
  await take(first, 1)
  const second = await websocket.attach(first.generation, 1)
  t.equal(await sample('chatai_readers{transport="sse"}'), 1)
  t.equal(await sample('chatai_readers{transport="websocket"}'), 1)
  gate.resolve()
  const heard = [await rest(first), await rest(second)] as const
  t.equal(await sample('chatai_attaches_total{transport="sse",from="start"}'), 1)
  t.equal(await sample('chatai_attaches_total{transport="websocket",from="seq"}'), 1)
  t.equal(await sample('chatai_sent_events_total{transport="sse"}'), heard[0].length + 1)
  t.equal(await sample('chatai_sent_events_total{transport="websocket"}'), heard[1].length)
  const text = heard[1].reduce((sum, { json }) => sum + json.length, 0)
  const bytes = await sample('chatai_sent_bytes_total{transport="websocket"}')
  t.ok(bytes > text && bytes < text + 10 * heard[1].length, `${bytes} for ${text}`)
  t.ok((await sample('chatai_sent_bytes_total{transport="sse"}')) > text)
})

t.test('times of tokens and of the store are measured', async t => {
  const { upstream, sample, sse } = await scene(t)
  // Each piece waits until the one before it was read, so that none are joined.
  const read = Array.from({ length: 12 }, () => Promise.withResolvers<void>())
  const pieces = read.flatMap(({ promise }, i) => [chunks({ content: `${i} ` }), until(promise)])
  upstream.play(head(), ...pieces, finish())
  const reader = await sse.start({ message: 'x' })
  await take(reader, 1)
  for (const { resolve } of read) {
    await take(reader, 1)
    resolve()
  }
  await rest(reader)
  t.ok((await sample('chatai_token_gap_seconds_count')) > 0)
  t.ok((await sample('chatai_store_commit_seconds_count')) > 1)
  t.ok((await sample('chatai_store_commit_writes_sum')) > 2)
  // Of the looks since it was last asked for.
  await setTimeout(200)
  t.ok((await sample('nodejs_eventloop_lag_p99_seconds')) > 0.045, 'looked at every 50 ms')
})
