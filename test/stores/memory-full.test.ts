import t from 'tap'

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

void t.test('an ending is read before its room is given away', async t => {
  const { log } = createMemoryStore({ maxBytes: 10_000 })
  for (const generation of ['gen_a', 'gen_b']) await log.create(generation, started())
  for (let i = 0; i < 12; i++) await log.append('gen_a', [thousand]).catch(() => {})
  const waiter = log.watch('gen_a', new AbortController().signal)
  const woken = waiter.next().then(() => log.read('gen_a', 1))
  await Promise.allSettled([log.append('gen_a', [done]), log.append('gen_b', [thousand])])
  t.match((await woken)?.at(-1)?.json, /"done"/)
})

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
