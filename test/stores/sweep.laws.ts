import type { Test } from 'tap'

import type { Store } from '../../src/core/conversation.ts'
import { conversation, done, type OpenStore, started, text, turn } from '../support/facts.ts'

interface Clock {
  ms: number
}

/** The laws of Store.sweep. */
export async function sweepLaws(t: Test, open: OpenStore): Promise<void> {
  const law = (name: string, prove: (t: Test, store: Store, clock: Clock) => Promise<void>) =>
    t.test(name, async t => {
      const clock = { ms: 1000 }
      await prove(t, await open(t, { now: () => clock.ms }), clock)
    })

  await law('forgets what was last written before a time', async (t, store, clock) => {
    await say(store, { generation: 'gen_a' })
    await say(store, { generation: 'gen_b', conversation: 'cnv_b' })
    await say(store, { generation: 'gen_c', conversation: 'cnv_c' })
    clock.ms = 2000
    await say(store, { generation: 'gen_d', conversation: 'cnv_c' })
    await say(store, { generation: 'gen_e' })
    await store.sweep({ before: 2000, bytes: Infinity })
    t.strictSame(await left(store), ['gen_c', 'gen_d', 'gen_e', 'cnv_c'])
    t.equal(await store.log.claimed('gen_a'), undefined)
    t.strictSame(await store.conversations.turns('cnv_b'), [])
    await store.sweep({ before: 2001, bytes: Infinity })
    t.strictSame(await left(store), [])
  })

  await law('forgets the oldest beyond so many bytes', async (t, store, clock) => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      clock.ms += 10
      await say(store, {
        generation: `gen_${id}`,
        size: 1000,
        ...(id > 'b' && { conversation: `cnv_${id}` }),
      })
    }
    await store.sweep({ before: 0, bytes: 100_000 })
    t.equal((await left(store)).length, 8)
    await store.sweep({ before: 0, bytes: 4000 })
    t.strictSame(await left(store), ['gen_c', 'gen_d', 'gen_e', 'cnv_c', 'cnv_d', 'cnv_e'])
    await store.sweep({ before: 0, bytes: 2700 })
    t.strictSame(await left(store), ['gen_d', 'gen_e', 'cnv_d', 'cnv_e'])
  })

  await law('never touches a live answer and its conversation', async (t, store, clock) => {
    await say(store, { generation: 'gen_a', conversation: 'cnv_a' })
    await store.log.create('gen_b', started('cnv_a'))
    await store.log.create('gen_c', started())
    clock.ms = 9000
    await store.sweep({ before: 5000, bytes: 0 })
    t.strictSame(await left(store), ['gen_a', 'gen_b', 'gen_c', 'cnv_a'])
    await store.log.append('gen_b', [text('still there'), done])
    await store.sweep({ before: 5000, bytes: Infinity })
    t.strictSame(await left(store), ['gen_a', 'gen_b', 'gen_c', 'cnv_a'], 'it was just written')
    await store.sweep({ before: 9001, bytes: Infinity })
    t.strictSame(await left(store), ['gen_c'])
  })

  await law('counts the text of live answers', async (t, store) => {
    await say(store, { generation: 'gen_a', size: 1000 })
    await store.log.create('gen_b', started())
    await store.log.append('gen_b', [text('x'.repeat(5000))])
    await store.sweep({ before: 0, bytes: 4000 })
    t.strictSame(await left(store), ['gen_b'])
  })

  await law('forgets conversations without an answer', async (t, store) => {
    await store.conversations.create(conversation('cnv_a'))
    await store.sweep({ before: 1000, bytes: Infinity })
    t.strictSame(await left(store), ['cnv_a'])
    await store.sweep({ before: 1001, bytes: Infinity })
    t.strictSame(await left(store), [])
  })

  await law('forgets many and long ones while answers are written', async (t, store, clock) => {
    const ids = Array.from({ length: 150 }, (_, i) => `gen_${i}`)
    await Promise.all(ids.map(generation => say(store, { generation, size: 2000 })))
    await say(store, { generation: 'gen_long', size: 3_000_000 })
    clock.ms = 2000
    await store.log.create('gen_live', started())
    const swept = new AbortController()
    const sweep = store.sweep({ before: 2000, bytes: Infinity }).then(() => swept.abort())
    let said = 0
    do {
      await store.log.append('gen_live', [text(`piece ${said++}`)])
    } while (!swept.signal.aborted)
    await sweep
    t.strictSame(await store.log.head('gen_live'), { owner: '', seq: said + 1, ended: false })
    for (const id of [...ids, 'gen_long']) t.equal(await store.log.head(id), undefined)
  })
}

interface Answer {
  readonly generation: string
  readonly conversation?: string
  readonly size?: number
}

/** A whole answer, in a conversation if one is named. */
async function say({ log, conversations }: Store, answer: Answer): Promise<void> {
  const { generation, conversation: id, size = 10 } = answer
  if (id !== undefined) {
    if ((await conversations.get(id)) === undefined) await conversations.create(conversation(id))
    await conversations.add(id, [turn(`t_${generation}`, { generation })], 2)
  }
  await log.create(generation, started(id ?? null), { claim: { key: generation, digest: '' } })
  await log.append(generation, [text('x'.repeat(size)), done])
}

/** The ids that are left. */
async function left({ log, conversations }: Store): Promise<string[]> {
  const names = ['a', 'b', 'c', 'd', 'e']
  const logs = await Promise.all(names.map(name => log.head(`gen_${name}`)))
  const rooms = await Promise.all(names.map(name => conversations.get(`cnv_${name}`)))
  return [
    ...names.filter((_, i) => logs[i] !== undefined).map(name => `gen_${name}`),
    ...names.filter((_, i) => rooms[i] !== undefined).map(name => `cnv_${name}`),
  ]
}
