import { join } from 'node:path'
import t from 'tap'

import type { Conversation } from '../../src/core/conversation.ts'
import { search } from '../../src/stores/search.ts'
import { openSqliteStore } from '../../src/stores/sqlite.ts'
import { conversation } from '../support/facts.ts'

void t.test('a page ends when it is enough for now, and the next goes on from there', async t => {
  const all = [5, 4, 3, 2, 1].map(at => conversation(`cnv_${at}`, at))
  const looked: string[] = []
  const stacks = {
    conversations: (_owner: string, after: { updatedAt: number } | undefined): Conversation[] =>
      all.filter(({ updatedAt }) => updatedAt < (after?.updatedAt ?? Infinity)),
    texts(id: string) {
      looked.push(id)
      return id === 'cnv_2' ? ['the hit'] : ['']
    },
  }
  let after: string | undefined
  const pages: string[][] = []
  for (;;) {
    const page = search(stacks, { owner: '', text: 'HIT', limit: 2, after }, () => true)
    pages.push(page.conversations.map(({ id }) => id))
    after = page.next
    if (after === undefined) break
  }
  t.strictSame(pages, [[], [], [], ['cnv_2'], []])
  t.strictSame(
    looked,
    all.map(({ id }) => id),
    'each is looked through once',
  )
})

void t.test('searches that would wait too long are refused, and later ones are not', async t => {
  const store = openSqliteStore({ file: join(t.testdir(), 'chatai.db') })
  await store.conversations.create(conversation('cnv_a'))
  const all = await Promise.allSettled(
    Array.from({ length: 40 }, () =>
      store.conversations.search({ owner: '', text: 'about', limit: 1 }),
    ),
  )
  const refused = all.filter(({ status }) => status === 'rejected')
  t.equal(refused.length, 8)
  t.match(refused[0], { reason: { code: 'overloaded', retryAfter: 5 } })
  t.equal(
    (await store.conversations.search({ owner: '', text: 'about', limit: 1 })).conversations.length,
    1,
  )
  const last = store.conversations.search({ owner: '', text: 'about', limit: 1 })
  const closed = store.close()
  t.equal((await last).conversations.length, 1, 'one that was begun is finished')
  await t.rejects(store.conversations.search({ owner: '', text: 'about', limit: 1 }), {
    message: /shutting down/,
  })
  await closed
})
