import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'

import type { Store } from '../../src/core/conversation.ts'
import { openSqliteStore, type SqliteOptions } from '../../src/stores/sqlite.ts'
import { conversation, done, started, text, textsOf, turn } from '../support/facts.ts'

const overloaded = { name: 'ChatError', code: 'overloaded', message: /^The server could not save/ }

function open(t: Test, options: Partial<SqliteOptions> = {}): { store: Store; file: string } {
  const file = join(t.testdir(), 'chatai.db')
  const store = openSqliteStore({ file, ...options })
  t.teardown(() => store.close())
  return { store, file }
}

/** Whatever is refused, keeps nothing: not the log, not the conversation, not a number. */
async function proveRefused(t: Test, { log, conversations }: Store, size: number): Promise<void> {
  const waiter = log.watch('gen_live', new AbortController().signal)
  let woken = false
  void waiter.next().then(() => (woken = true))
  const before = await log.head('gen_live')
  const writes: Promise<unknown>[] = [
    log.append('gen_live', [text('x'.repeat(size))]),
    log.append('gen_live', [text('a second one'), done]),
    log.create('gen_new', started('cnv_new'), { claim: { key: 'new', digest: '' } }),
    log.append('gen_new', [text('hello')]),
    conversations.create(conversation('cnv_new')),
    conversations.add('cnv_new', [turn('t_new')], 5),
    conversations.patch('cnv_old', { title: 'New' }),
  ]
  await Promise.all(writes.map(write => t.rejects(write, overloaded)))
  t.strictSame(await log.head('gen_live'), before)
  t.strictSame(await log.open(), ['gen_live'])
  t.equal(await log.head('gen_new'), undefined)
  t.equal(await log.claimed('new'), undefined)
  t.equal(await conversations.get('cnv_new'), undefined)
  t.match(await conversations.get('cnv_old'), { title: 'About cnv_old' })
  t.equal(woken, false)
  waiter.leave()
}

async function begin({ log, conversations }: Store): Promise<void> {
  await conversations.create(conversation('cnv_old'))
  await log.create('gen_live', started())
  await log.append('gen_live', [text('before')])
}

/** It takes everything again, numbered as if nothing had happened. */
async function proveRecovered(t: Test, { log, conversations }: Store): Promise<void> {
  t.equal(await log.append('gen_live', [text('after')]), true)
  t.strictSame(await textsOf(log, 'gen_live'), ['before', 'after'])
  t.strictSame(await log.head('gen_live'), { owner: '', seq: 3, ended: false })
  await log.create('gen_new', started(), { claim: { key: 'new', digest: '' } })
  t.equal(await log.append('gen_new', [done]), true)
  t.equal(await log.append('gen_live', [done]), true)
  await conversations.create(conversation('cnv_new'))
}

void t.test('a full disk refuses what is new, keeps what is old, and heals', async t => {
  let ms = 1
  const { store, file } = open(t, { maxBytes: 1024 * 1024, now: () => ms })
  const { log } = store
  await log.create('gen_big', started())
  await log.append('gen_big', [text('x'.repeat(500_000)), done])
  ms = 100
  await begin(store)
  await proveRefused(t, store, 1_000_000)
  t.strictSame(await textsOf(log, 'gen_big'), ['x'.repeat(500_000)], 'old logs can be read')
  t.equal(await log.append('gen_live', [text('after')]), true, 'what is small still fits')
  t.strictSame(await textsOf(log, 'gen_live'), ['before', 'after'])
  await t.rejects(log.append('gen_live', [text('y'.repeat(600_000))]), overloaded)
  await store.sweep({ before: 50, bytes: Infinity })
  t.equal(await log.append('gen_live', [text('y'.repeat(600_000))]), true, 'room was made')
  t.strictSame(await log.head('gen_live'), { owner: '', seq: 4, ended: false })
  await store.close()
  const again = openSqliteStore({ file })
  t.strictSame(await again.log.head('gen_live'), { owner: '', seq: 4, ended: false })
  await again.close()
})

void t.test('a lock that another program holds refuses, and heals', async t => {
  const { store, file } = open(t, { busyMs: 1 })
  await begin(store)
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  await proveRefused(t, store, 10)
  other.exec('ROLLBACK')
  other.close()
  await proveRecovered(t, store)
})

void t.test('a statement that fails in the middle undoes the whole tick, and heals', async t => {
  const { store, file } = open(t)
  await begin(store)
  const other = new DatabaseSync(file)
  other.exec(`CREATE TRIGGER broken BEFORE INSERT ON journal
    BEGIN SELECT RAISE(FAIL, 'disk I/O error at /secret/path'); END`)
  await proveRefused(t, store, 10)
  other.exec('DROP TRIGGER broken')
  other.close()
  await proveRecovered(t, store)
})

void t.test('a refused write does not take the others of its tick with it', async t => {
  const { store } = open(t)
  const { log, conversations } = store
  await begin(store)
  const [missing, taken, kept] = await Promise.allSettled([
    conversations.add('cnv_lost', [turn('t')], 3),
    conversations.create(conversation('cnv_old')),
    log.append('gen_live', [text('kept')]),
  ])
  t.match(missing, { reason: { code: 'not_found' } })
  t.match(taken, { reason: { code: 'conflict' } })
  t.match(kept, { value: true })
})

void t.test('the file has a line before its readers wake', async t => {
  const { store, file } = open(t)
  await begin(store)
  const other = new DatabaseSync(file, { readOnly: true })
  const find = other.prepare("SELECT count(*) AS n FROM journal WHERE lines LIKE '%' || ? || '%'")
  const waiter = store.log.watch('gen_live', new AbortController().signal)
  for (let i = 0; i < 20; i++) {
    const kept = store.log.append('gen_live', [text(`piece ${i}.`)])
    t.equal(find.get(`piece ${i}.`)?.['n'], 0)
    await waiter.next()
    t.equal(find.get(`piece ${i}.`)?.['n'], 1)
    await kept
  }
  waiter.leave()
  other.close()
})

void t.test('closing keeps what was handed over and refuses what comes after', async t => {
  const { store, file } = open(t)
  await begin(store)
  const kept = store.log.append('gen_live', [text('last words')])
  const closed = store.close()
  t.equal(await kept, true)
  const down = { code: 'overloaded', message: /shutting down/ }
  await t.rejects(store.log.append('gen_live', [done]), down)
  await t.rejects(store.conversations.create(conversation('cnv_new')), down)
  await closed
  await store.close()
  const again = openSqliteStore({ file })
  t.strictSame(await textsOf(again.log, 'gen_live'), ['before', 'last words'])
  await again.close()
})
