import type { Test } from 'tap'

import type { Settlement, Store } from '../../src/core/conversation.ts'
import { conversation, done, type OpenStore, started, turn } from '../support/facts.ts'

const settlement: Settlement = {
  content: 'An answer, \ud800 and all\0',
  reasoning: 'because',
  model: 'other',
  params: { top_p: 1 },
  end: done,
}

/** The laws of Conversations. */
export async function conversationLaws(t: Test, open: OpenStore): Promise<void> {
  const law = (name: string, prove: (t: Test, store: Store) => Promise<void>): Promise<unknown> =>
    t.test(name, async t => prove(t, await open(t, { now: () => 1 })))

  await law('gives a conversation back as it was created', async (t, { conversations }) => {
    const created = { ...conversation('cnv_a', 7), title: 'half an emoji \ud83d, nul \0' }
    await conversations.create(created)
    t.strictSame(await conversations.get('cnv_a'), created)
    t.strictSame(await conversations.turns('cnv_a'), [])
    await t.rejects(conversations.create(conversation('cnv_a')), { code: 'conflict' })
    t.strictSame(await conversations.get('cnv_a'), created)
  })

  await law('knows no conversation that was not created', async (t, { conversations }) => {
    for (const id of ['cnv_b', '__proto__', 'constructor', 'toString', '', '\ud800']) {
      t.equal(await conversations.get(id), undefined)
      t.strictSame(await conversations.turns(id), [])
      await t.rejects(conversations.add(id, [turn('t')], 2), { code: 'not_found' })
      await t.rejects(conversations.patch(id, { title: 'x' }), { code: 'not_found' })
      await conversations.remove(id)
      await conversations.settle(id, settlement)
    }
    t.strictSame((await conversations.list('', 10)).conversations, [])
  })

  await law('adds turns in order and makes the last one the head', async (t, { conversations }) => {
    await conversations.create(conversation('cnv_a'))
    const one = turn('t_1', { content: '\udc00\u2028\0' })
    const two = turn('t_2', { parent: 't_1', role: 'assistant', generation: 'gen_a', content: '' })
    const three = turn('t_3', { parent: 't_1', model: 'm', params: { stop: ['a', 'b'] } })
    await Promise.all([
      conversations.add('cnv_a', [one, two], 20),
      conversations.add('cnv_a', [three], 30),
    ])
    t.strictSame(await conversations.turns('cnv_a'), [one, two, three])
    t.match(await conversations.get('cnv_a'), { head: 't_3', updatedAt: 30, createdAt: 1 })
  })

  await law('settles the turn of a generation and no other', async (t, { conversations }) => {
    await conversations.create(conversation('cnv_a'))
    const question = turn('t_1')
    const answer = turn('t_2', { role: 'assistant', generation: 'gen_a', content: '', model: 'm' })
    await conversations.add('cnv_a', [question, answer], 2)
    await conversations.settle('gen_b', settlement)
    t.strictSame(await conversations.turns('cnv_a'), [question, answer])
    await conversations.settle('gen_a', settlement)
    t.strictSame(await conversations.turns('cnv_a'), [question, { ...answer, ...settlement }])
    t.match(await conversations.get('cnv_a'), { head: 't_2', updatedAt: 2 })
  })

  await law('changes title and head, each by itself', async (t, { conversations }) => {
    await conversations.create(conversation('cnv_a'))
    await conversations.add('cnv_a', [turn('t_1'), turn('t_2')], 5)
    await conversations.patch('cnv_a', { title: 'New' })
    t.match(await conversations.get('cnv_a'), { title: 'New', head: 't_2', updatedAt: 5 })
    await conversations.patch('cnv_a', { head: 't_1' })
    t.match(await conversations.get('cnv_a'), { title: 'New', head: 't_1', updatedAt: 5 })
  })

  await law('lists the newest first, page by page, ties by id', async (t, { conversations }) => {
    const times = { cnv_a: 3, cnv_b: 9, cnv_c: 3, cnv_d: 1, cnv_e: 3, cnv_f: 2 }
    for (const [id, at] of Object.entries(times)) await conversations.create(conversation(id, at))
    const all = (await conversations.list('', 10)).conversations.map(({ id }) => id)
    t.strictSame(all, ['cnv_b', 'cnv_e', 'cnv_c', 'cnv_a', 'cnv_f', 'cnv_d'])
    for (const limit of [1, 2, 4, 6, 7]) {
      const paged: string[] = []
      let after: string | undefined
      do {
        const page = await conversations.list('', limit, after)
        t.ok(page.conversations.length <= limit)
        paged.push(...page.conversations.map(({ id }) => id))
        after = page.next
      } while (after !== undefined)
      t.strictSame(paged, all)
    }
  })

  await law('goes on from a page although its last one has changed', async (t, store) => {
    const { conversations } = store
    for (const at of [1, 2, 3, 4]) await conversations.create(conversation(`cnv_${at}`, at))
    const { next = '' } = await conversations.list('', 2)
    await conversations.add('cnv_3', [turn('t')], 99)
    await conversations.remove('cnv_2')
    const rest = await conversations.list('', 2, next)
    t.strictSame(
      rest.conversations.map(({ id }) => id),
      ['cnv_1'],
    )
    t.equal(rest.next, undefined)
  })

  await law('refuses a cursor that no page gave', async (t, { conversations }) => {
    for (const cursor of [
      '',
      'x',
      '1',
      '1.',
      '-1.a',
      '1.a b',
      "1.'",
      '1e9.a',
      `1.${'a'.repeat(200)}`,
    ]) {
      await t.rejects(conversations.list('', 1, cursor), { code: 'invalid_request' })
    }
  })

  await law('forgets a conversation with its turns and logs', async (t, { conversations, log }) => {
    await conversations.create(conversation('cnv_a'))
    await conversations.create(conversation('cnv_b'))
    for (const id of ['a', 'b']) {
      await log.create(`gen_${id}`, started(`cnv_${id}`), { claim: { key: id, digest: id } })
      await conversations.add(`cnv_${id}`, [turn(`t_${id}`, { generation: `gen_${id}` })], 2)
      await log.append(`gen_${id}`, [done])
    }
    await conversations.remove('cnv_a')
    t.equal(await conversations.get('cnv_a'), undefined)
    t.strictSame(await conversations.turns('cnv_a'), [])
    t.equal(await log.read('gen_a', 0), undefined)
    t.equal(await log.claimed('a'), undefined)
    t.strictSame(
      (await conversations.list('', 9)).conversations.map(({ id }) => id),
      ['cnv_b'],
    )
    t.equal((await conversations.turns('cnv_b')).length, 1)
    t.strictSame(await log.head('gen_b'), { owner: '', seq: 2, ended: true })
    await conversations.create(conversation('cnv_a'))
    t.strictSame(await conversations.turns('cnv_a'), [], 'for good')
  })

  await law('shows nothing of a tick before its end', async (t, { log }) => {
    await log.create('gen_a', started())
    const kept = log.append('gen_a', [done])
    for (let i = 0; i < 10; i++) await Promise.resolve()
    t.strictSame(await log.read('gen_a', 1), [])
    await kept
    t.equal((await log.read('gen_a', 1))?.length, 1)
  })

  await law('keeps what was handed over before it was closed', async (t, store) => {
    const { conversations, log } = store
    await conversations.create(conversation('cnv_a'))
    await conversations.add('cnv_a', [turn('t_1', { generation: 'gen_a' })], 5)
    await log.create('gen_a', started('cnv_a'))
    const kept = Promise.all([
      log.append('gen_a', [done]),
      conversations.settle('gen_a', settlement),
    ])
    await store.close()
    t.strictSame(await kept, [true, undefined])
  })

  await law('has settled the turn when a reader wakes at the ending', async (t, store) => {
    const { conversations, log } = store
    await conversations.create(conversation('cnv_a'))
    await conversations.add('cnv_a', [turn('t_1', { generation: 'gen_a' })], 5)
    await log.create('gen_a', started('cnv_a'))
    const waiter = log.watch('gen_a', new AbortController().signal)
    const seen = waiter.next().then(() => conversations.turns('cnv_a'))
    await Promise.all([log.append('gen_a', [done]), conversations.settle('gen_a', settlement)])
    t.match((await seen)[0], { content: settlement.content, end: done })
    waiter.leave()
  })

  await law('takes a whole start and a whole end in one tick each', async (t, store) => {
    const { conversations, log } = store
    await Promise.all([
      conversations.create(conversation('cnv_a')),
      conversations.add('cnv_a', [turn('t_1'), turn('t_2', { generation: 'gen_a' })], 5),
      log.create('gen_a', started('cnv_a')),
    ])
    await Promise.all([log.append('gen_a', [done]), conversations.settle('gen_a', settlement)])
    t.match((await conversations.turns('cnv_a'))[1], { content: settlement.content, end: done })
    t.strictSame(await log.head('gen_a'), { owner: '', seq: 2, ended: true })
  })
}
