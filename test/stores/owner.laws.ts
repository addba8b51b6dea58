import type { Test } from 'tap'

import type { Store } from '../../src/core/conversation.ts'
import { conversation, done, type OpenStore, started, turn } from '../support/facts.ts'

/** The laws of owners: a store keeps whose a thing is, and gives away what is nobody's when told. */
export async function ownerLaws(t: Test, open: OpenStore): Promise<void> {
  const law = (name: string, prove: (t: Test, store: Store) => Promise<void>): Promise<unknown> =>
    t.test(name, async t => prove(t, await open(t, { now: () => 1 })))

  await law('keeps whose a log is, live and ended', async (t, { log }) => {
    await log.create('gen_a', started(), { owner: 'ada' })
    await log.create('gen_b', started(), { owner: 'bob', claim: { key: 'k', digest: 'd' } })
    await log.create('gen_c', started())
    const owners = async (): Promise<unknown[]> =>
      Promise.all(['a', 'b', 'c'].map(async name => (await log.head(`gen_${name}`))?.owner))
    t.strictSame(await owners(), ['ada', 'bob', ''])
    for (const name of ['a', 'b', 'c']) await log.append(`gen_${name}`, [done])
    await new Promise(setImmediate)
    t.strictSame(await owners(), ['ada', 'bob', ''])
  })

  await law('lists the conversations of one owner, page by page', async (t, { conversations }) => {
    for (const [i, owner] of ['ada', 'bob', 'ada', '', 'ada', 'ada2'].entries()) {
      await conversations.create({ ...conversation(`cnv_${i}`, i), owner })
    }
    const list = async (owner: string): Promise<string[]> => {
      const { conversations: first, next } = await conversations.list(owner, 2)
      const rest =
        next === undefined ? [] : (await conversations.list(owner, 2, next)).conversations
      return [...first, ...rest].map(({ id }) => id)
    }
    t.strictSame(await list('ada'), ['cnv_4', 'cnv_2', 'cnv_0'])
    t.strictSame(await list('bob'), ['cnv_1'])
    t.strictSame(await list(''), ['cnv_3'])
    t.strictSame(await list("' OR 1=1 --"), [])
  })

  await law('searches the conversations of one owner', async (t, { conversations }) => {
    for (const owner of ['ada', 'bob', '']) {
      await conversations.create({ ...conversation(`cnv_${owner}`), owner })
      await conversations.add(`cnv_${owner}`, [turn(`t_${owner}`, { content: 'wanted' })], 2)
    }
    const found = async (owner: string): Promise<string[]> => {
      const page = await conversations.search({ owner, text: 'wanted', limit: 9 })
      return page.conversations.map(({ id }) => id)
    }
    t.strictSame(await found('ada'), ['cnv_ada'])
    t.strictSame(await found(''), ['cnv_'])
    t.strictSame(await found('eve'), [])
  })

  await law('keeps the owner through every change', async (t, { conversations }) => {
    await conversations.create({ ...conversation('cnv_a'), owner: 'ada' })
    await conversations.add('cnv_a', [turn('t_1', { generation: 'gen_a' })], 2)
    await conversations.patch('cnv_a', { title: 'New' })
    t.match(await conversations.get('cnv_a'), { owner: 'ada', title: 'New', head: 't_1' })
  })

  await law('gives an owner what is nobody’s, and nothing else', async (t, store) => {
    const { conversations, log } = store
    for (const owner of ['', 'bob']) {
      await conversations.create({ ...conversation(`cnv_${owner}`), owner })
      for (const name of ['live', 'ended']) {
        await log.create(`gen_${name}${owner}`, started(`cnv_${owner}`), { owner })
      }
      await log.append(`gen_ended${owner}`, [done])
    }
    await store.bequeath('ada')
    for (const name of ['live', 'ended']) {
      t.match(await log.head(`gen_${name}`), { owner: 'ada' })
      t.match(await log.head(`gen_${name}bob`), { owner: 'bob' })
    }
    t.match(await conversations.get('cnv_'), { owner: 'ada' })
    t.match(await conversations.get('cnv_bob'), { owner: 'bob' })
    t.strictSame((await conversations.list('', 9)).conversations, [])
  })
}
