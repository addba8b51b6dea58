import t from 'tap'

import type { Line } from '../../src/core/event.ts'
import { type Log, follow } from '../../src/core/log.ts'
import { createMemoryStore } from '../../src/stores/memory.ts'
import { conversation, done, started, text, textsOf } from '../support/facts.ts'

const thousand = text('x'.repeat(1000))

void t.test('a full memory forgets the oldest ended answers first', async t => {
  let ms = 0
  const { log } = createMemoryStore({ maxBytes: 10_000, now: () => ms++ })
  await log.create('gen_live', started())
  for (let i = 0; i < 40; i++) {
    await log.create(`gen_${i}`, started(), { claim: { key: `${i}`, digest: '' } })
    t.equal(await log.append(`gen_${i}`, [thousand, done]), true)
  }
  t.equal(await log.head('gen_0'), undefined)
  t.equal(await log.claimed('0'), undefined)
  t.strictSame(await log.head('gen_39'), { owner: '', seq: 3, ended: true })
  t.strictSame(await log.head('gen_live'), { owner: '', seq: 1, ended: false })
})

void t.test('refuses what does not fit beside the live answers, but always an ending', async t => {
  const store = createMemoryStore({ maxBytes: 10_000 })
  const { log } = store
  await log.create('gen_a', started())
  let kept = 0
  const fill = async (): Promise<void> => {
    for (; ; kept++) await log.append('gen_a', [thousand])
  }
  const overloaded = { code: 'overloaded', message: /storage is full/ }
  await t.rejects(fill(), overloaded)
  t.ok(kept > 5 && kept < 15)
  await t.rejects(log.create('gen_b', started()), overloaded)
  t.equal(await log.append('gen_a', [done]), true)
  t.equal((await textsOf(log, 'gen_a')).length, kept)
  await log.create('gen_b', started())
  t.equal(await log.head('gen_a'), undefined, 'now it could be forgotten')
})

void t.test('takes no more from one tick than from many', async t => {
  const { log } = createMemoryStore({ maxBytes: 10_000 })
  const names = Array.from({ length: 40 }, (_, i) => `gen_${i}`)
  for (const generation of names) await log.create(generation, started())
  const taken = await Promise.allSettled(names.map(name => log.append(name, [thousand])))
  const kept = taken.filter(({ status }) => status === 'fulfilled').length
  t.ok(kept > 2 && kept < 10, `${kept}`)
})

void t.test('what has ended takes nothing, and says so, however full the store is', async t => {
  const { log } = createMemoryStore({ maxBytes: 10_000 })
  for (const generation of ['gen_a', 'gen_b']) await log.create(generation, started())
  await log.append('gen_a', [done])
  const full = Array.from({ length: 12 }, () => thousand)
  await log.append('gen_b', full)
  const reader = log.watch('gen_a', new AbortController().signal)
  t.equal(await log.append('gen_a', [thousand]), false)
  reader.leave()
  t.equal(await log.append('gen_none', [thousand]), false)
})

/** What a reader who waits for the end reads last. */
async function lastOf(log: Log, generation: string): Promise<Line | undefined> {
  let last: Line | undefined
  const { signal } = new AbortController()
  for await (const lines of follow(log, { generation, after: 0 }, signal)) last = lines.at(-1)
  return last
}

/** The text of the answer that ends, in thousands, and what comes in the tick of its end. */
const crowds = {
  'the next answer comes after it': {
    thousands: 12,
    tick: (log: Log) => [log.append('gen_a', [done]), log.append('gen_b', [thousand])],
  },
  'another one goes on as soon as it can': {
    thousands: 8,
    tick: (log: Log) => [
      log.append('gen_b', [thousand, thousand]).then(() => log.append('gen_b', [thousand])),
      log.append('gen_a', [done]),
    ],
  },
}
for (const [name, { thousands, tick }] of Object.entries(crowds)) {
  void t.test(`an ending is read before its room is given away: ${name}`, async t => {
    const { log } = createMemoryStore({ maxBytes: 10_000 })
    for (const generation of ['gen_a', 'gen_b']) await log.create(generation, started())
    for (let i = 0; i < thousands; i++) await log.append('gen_a', [thousand]).catch(() => {})
    const read = lastOf(log, 'gen_a')
    await new Promise(resolve => setTimeout(resolve))
    await Promise.allSettled(tick(log))
    t.match((await read)?.json, /"done"/)
    for (let i = 0; i < 3; i++) await log.append('gen_b', [thousand])
    t.equal(await log.head('gen_a'), undefined, 'nobody reads it any more')
  })
}

void t.test('takes nothing after it was closed', async t => {
  const store = createMemoryStore()
  const { log } = store
  await log.create('gen_a', started())
  await store.close()
  const down = { code: 'overloaded', message: /shutting down/ }
  await t.rejects(log.append('gen_a', [done]), down)
  await t.rejects(log.create('gen_b', started()), down)
})

void t.test('a conversation of a log may come later than the log', async t => {
  const store = createMemoryStore({ now: () => 1 })
  await store.log.create('gen_a', started('cnv_a'))
  await store.log.append('gen_a', [done])
  await store.conversations.create(conversation('cnv_a'))
  await store.sweep({ before: 2, bytes: Infinity })
  t.equal(await store.log.head('gen_a'), undefined)
  t.equal(await store.conversations.get('cnv_a'), undefined)
})
