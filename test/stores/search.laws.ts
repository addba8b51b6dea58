import type { Test } from 'tap'

import type { Conversations, Found, Store, Turn } from '../../src/core/conversation.ts'
import { conversation, done, type OpenStore, started, turn } from '../support/facts.ts'

/** All that a search finds, page by page. */
async function find(conversations: Conversations, text: string, limit = 3): Promise<Found[]> {
  const found: Found[] = []
  let after: string | undefined
  do {
    const page = await conversations.search({ owner: '', text, limit, after })
    if (page.conversations.length > limit) throw new Error('a page is longer than its limit')
    found.push(...page.conversations)
    after = page.next
  } while (after !== undefined)
  return found
}

const idsOf = async (conversations: Conversations, text: string): Promise<string[]> =>
  (await find(conversations, text)).map(({ id }) => id)

/** A conversation with one question. */
async function say(
  { conversations }: Store,
  id: string,
  { title = 'About', ...rest }: Partial<Turn> & { title?: string },
): Promise<void> {
  await conversations.create({ ...conversation(id), title })
  await conversations.add(id, [turn(`t_${id}`, rest)], 1)
}

/** The laws of Conversations.search. */
export async function searchLaws(t: Test, open: OpenStore): Promise<void> {
  const law = (name: string, prove: (t: Test, store: Store) => Promise<void>): Promise<unknown> =>
    t.test(name, async t => prove(t, await open(t, { now: () => 1 })))

  await law('finds titles and whatever was said, in the middle of a word too', async (t, store) => {
    const { conversations } = store
    await say(store, 'cnv_a', { title: 'On sourdough bread' })
    await say(store, 'cnv_b', { content: 'How long does dough have to rest?' })
    await say(store, 'cnv_c', { content: '杭州今天的天气怎么样？' })
    t.strictSame(await idsOf(conversations, 'dough'), ['cnv_b', 'cnv_a'])
    t.strictSame(await idsOf(conversations, 'ourd'), ['cnv_a'])
    t.strictSame(await idsOf(conversations, 'have to'), ['cnv_b'])
    t.strictSame(await idsOf(conversations, '天气'), ['cnv_c'])
    t.strictSame(await idsOf(conversations, '气'), ['cnv_c'])
    t.strictSame(await idsOf(conversations, 'rye'), [])
  })

  await law('takes capital and small letters for the same, in every script', async (t, store) => {
    const { conversations } = store
    await say(store, 'cnv_a', { title: 'ÜBER Straßen', content: 'Ο Οδυσσέας и Одиссей' })
    for (const text of ['über', 'Über STRAßEN', 'οδυσσέας', 'ОДИССЕЙ', 'STRAẞ']) {
      t.strictSame(await idsOf(conversations, text), ['cnv_a'], text)
    }
    t.strictSame(await idsOf(conversations, 'uber'), [], 'but an accent is no matter of case')
  })

  await law('takes every sign as it stands', async (t, store) => {
    const signs = [
      '50%',
      'a_b',
      'a*b',
      'a?b',
      '[ab]',
      'C:\\dir',
      'say "no"',
      "it's",
      '^.$',
      '(a|b)',
    ]
    for (const [i, sign] of signs.entries())
      await say(store, `cnv_${i}`, { content: `x ${sign} y` })
    await say(store, 'cnv_z', { content: 'x 500 axb aab ab C:dir say no its\ntab' })
    for (const [i, sign] of signs.entries()) {
      t.strictSame(await idsOf(store.conversations, sign), [`cnv_${i}`], sign)
    }
    for (const text of ['%%', '__', '**', '.*', '\\\\', '\\n', '\\u', "' OR 1=1 --"]) {
      t.strictSame(await idsOf(store.conversations, text), [], text)
    }
  })

  await law('finds line breaks, emoji and halves of them', async (t, store) => {
    const { conversations } = store
    await say(store, 'cnv_a', { content: 'one\ntwo\ttabs\0 nul \u2028 👩‍👩‍👧 half \ud83d.' })
    for (const text of ['one\ntwo', 'two\ttabs', 'tabs\0 nul', '\u2028', '👩‍👩‍👧', '\ud83d.']) {
      t.strictSame(await idsOf(conversations, text), ['cnv_a'])
    }
  })

  await law('finds only what people and models said', async (t, store) => {
    const more = { model: 'gpt-x', reasoning: 'pondering', params: { system: 'Be brief.' } }
    await say(store, 'cnv_a', { content: 'yes', role: 'assistant', ...more })
    const kept = [
      'cnv_a',
      't_cnv',
      'assistant',
      'content',
      'gpt-x',
      'pondering',
      'brief',
      '{"',
      '1',
    ]
    for (const text of kept) t.strictSame(await idsOf(store.conversations, text), [], text)
    t.strictSame(await idsOf(store.conversations, 'yes'), ['cnv_a'])
  })

  await law('shows the text around a hit that is not in the title', async (t, store) => {
    const { conversations } = store
    const content = `${'𝒜'.repeat(40)} before\n\n  the Needle is here ${'𝒷'.repeat(90)}`
    await say(store, 'cnv_a', { content: 'nothing' })
    await conversations.add('cnv_a', [turn('t_2', { content })], 1)
    await say(store, 'cnv_b', { title: 'needle', content: 'needle' })
    const [inTitle, inTurn] = await find(conversations, 'needle')
    t.strictSame(inTitle, await conversations.get('cnv_b'))
    const { excerpt = '', ...rest } = inTurn ?? {}
    t.strictSame(rest, await conversations.get('cnv_a'))
    t.match(excerpt, /^…before the Needle is here .*…$/u)
    t.ok(excerpt.isWellFormed(), 'no half of a character')
    t.ok(excerpt.length < 140)
  })

  await law('gives all of it once, newest first, page by page', async (t, store) => {
    const { conversations } = store
    const expected: string[] = []
    for (let i = 0; i < 20; i++) {
      const id = `cnv_${String(i).padStart(2, '0')}`
      const title = i % 3 === 0 ? 'wanted' : 'other'
      await conversations.create({ ...conversation(id, i % 7 < 3 ? 5 : i), title })
      if (i % 3 === 0) expected.push(id)
    }
    const place = async (id: string): Promise<number> =>
      (await conversations.get(id))?.updatedAt ?? 0
    const places = new Map(
      await Promise.all(expected.map(async id => [id, await place(id)] as const)),
    )
    const sorted = expected.toSorted(
      (a, b) => (places.get(b) ?? 0) - (places.get(a) ?? 0) || (a < b ? 1 : -1),
    )
    for (const limit of [1, 2, 3, 7, 8, 100]) {
      const found = await find(conversations, 'wanted', limit)
      t.strictSame(
        found.map(({ id }) => id),
        sorted,
        `${limit} at a time`,
      )
    }
    await t.rejects(conversations.search({ owner: '', text: 'wanted', limit: 1, after: 'x' }), {
      code: 'invalid_request',
    })
  })

  await law('knows what has just been changed', async (t, store) => {
    const { conversations, log } = store
    const answer = turn('t_2', { role: 'assistant', generation: 'gen_a', content: '' })
    await say(store, 'cnv_a', { title: 'Old name', content: 'question' })
    await log.create('gen_a', started('cnv_a'))
    await conversations.add('cnv_a', [answer], 2)
    t.strictSame(await idsOf(conversations, 'reply'), [])
    const settlement = { content: 'The reply', reasoning: '', model: 'm', params: {}, end: done }
    await Promise.all([log.append('gen_a', [done]), conversations.settle('gen_a', settlement)])
    t.strictSame(await idsOf(conversations, 'reply'), ['cnv_a'])
    await conversations.patch('cnv_a', { title: 'New name' })
    t.strictSame(await idsOf(conversations, 'old name'), [])
    t.strictSame(await idsOf(conversations, 'new name'), ['cnv_a'])
    await conversations.remove('cnv_a')
    t.strictSame(await idsOf(conversations, 'name'), [])
  })
}
