import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'

import { openSqliteStore } from '../../src/stores/sqlite.ts'
import { conversation, done, started, text, textsOf } from '../support/facts.ts'

/** A closed store of some size. */
async function fill(t: Test): Promise<string> {
  const file = join(t.testdir(), 'chatai.db')
  const store = openSqliteStore({ file })
  for (const name of ['a', 'b', 'c']) {
    await store.conversations.create(conversation(`cnv_${name}`))
    await store.log.create(`gen_${name}`, started(`cnv_${name}`))
    await store.log.append(`gen_${name}`, [text(name.repeat(100_000)), done])
  }
  await store.close()
  return file
}

/** Opening is refused in one sentence, and nothing of the file is changed by it. */
function refuses(t: Test, file: string, sentence: RegExp): void {
  const before = readFileSync(file)
  for (const _ of [1, 2]) {
    t.throws(() => openSqliteStore({ file }), { message: sentence })
    t.throws(() => openSqliteStore({ file }), { message: /^The store \/\S+chatai\.db [^\n]+\.$/ })
  }
  t.ok(readFileSync(file).equals(before))
}

function change(file: string, sql: string): void {
  const db = new DatabaseSync(file)
  db.exec(sql)
  db.close()
}

void t.test('finds everything again', async t => {
  const file = await fill(t)
  const first = openSqliteStore({ file })
  await first.log.create('gen_open', started())
  for (let i = 0; i < 300; i++) await first.log.append('gen_open', [text(`${i} `.padEnd(2000))])
  await first.close()
  for (let run = 0; run < 2; run++) {
    const store = openSqliteStore({ file })
    t.strictSame(await store.log.open(), ['gen_open'])
    t.strictSame(await store.log.head('gen_open'), { owner: '', seq: 301 + run, ended: false })
    await store.log.append('gen_open', [text('once more')])
    const texts = await textsOf(store.log, 'gen_open')
    t.strictSame(
      texts.slice(0, 300).map(Number),
      Array.from({ length: 300 }, (_, i) => i),
    )
    t.strictSame(await textsOf(store.log, 'gen_b'), ['b'.repeat(100_000)])
    t.equal((await store.conversations.list('', 9)).conversations.length, 3)
    await store.close()
  }
})

void t.test('brings a file of the first version up to date: what is in it is nobody’s', async t => {
  const file = await fill(t)
  change(
    file,
    `DROP INDEX conversations_owner;
     ALTER TABLE conversations DROP COLUMN owner; ALTER TABLE generations DROP COLUMN owner;
     CREATE INDEX conversations_updated ON conversations (updated, id); PRAGMA user_version = 1`,
  )
  const store = openSqliteStore({ file })
  t.match(await store.log.head('gen_a'), { owner: '', ended: true })
  t.equal((await store.conversations.list('', 9)).conversations.length, 3)
  await store.close()
})

void t.test('a file of somebody else stays as it is, and nothing is left beside it', async t => {
  const folder = t.testdir({ 'chatai.db': 'root:x:0:0\n', other: { 'chatai.db.lock': '4711\n' } })
  const file = join(folder, 'chatai.db')
  chmodSync(file, 0o644)
  refuses(t, file, /is damaged or is not a database/)
  t.equal(statSync(file).mode & 0o777, 0o644)
  t.strictSame(readdirSync(folder), ['chatai.db', 'other'])

  const locked = join(folder, 'other', 'chatai.db')
  writeFileSync(locked, 'x', { mode: 0o644 })
  refuses(t, locked, /is damaged or is not a database/)
  t.equal(readFileSync(`${locked}.lock`, 'utf8'), '4711\n', 'nor is its lock touched')
})

void t.test('a folder that cannot be made is said, and not tried for ever', async t => {
  const nowhere = join(t.testdir({ 'a file': '' }), 'a file', 'x', 'chatai.db')
  t.throws(() => openSqliteStore({ file: nowhere }), { message: /cannot be opened .* STORE\.$/ })
  if (process.platform !== 'linux') return
  const system = '/proc/no/such/chatai.db'
  t.throws(() => openSqliteStore({ file: system }), { message: /cannot be opened .* STORE\.$/ })
})

void t.test('refuses a damaged file', async t => {
  const file = await fill(t)
  const whole = readFileSync(file)
  const damaged = /is damaged or is not a database: put a backup in its place/
  writeFileSync(file, 'This is not a database. '.repeat(100))
  refuses(t, file, damaged)
  writeFileSync(file, whole.fill('garbage', 4096 * 2, 4096 * 12))
  refuses(t, file, damaged)
  writeFileSync(file, whole)
  truncateSync(file, Math.floor(whole.length / 2))
  refuses(t, file, damaged)
})

void t.test('refuses a file of a newer version, and of another program', async t => {
  const file = await fill(t)
  change(file, 'PRAGMA user_version = 999')
  refuses(t, file, /was written by a newer ChatAI \(format 999, this one knows \d+\): start/)
  const other = join(t.testdir(), 'chatai.db')
  change(other, 'CREATE TABLE cookies (name TEXT)')
  refuses(t, other, /belongs to another program: name another file/)
})

void t.test('refuses what cannot be a file', async t => {
  const dir = t.testdir({ 'chatai.db': {}, file: '' })
  t.throws(() => openSqliteStore({ file: join(dir, 'chatai.db') }), { message: /^The store .*\.$/ })
  const below = join(dir, 'file', 'chatai.db')
  t.throws(() => openSqliteStore({ file: below }), {
    message: /cannot be opened .*name another file/,
  })
})

void t.test('refuses a second opener, in this process and in another', async t => {
  const file = await fill(t)
  const store = openSqliteStore({ file })
  const inUse = /is in use by another ChatAI: stop that one/
  t.throws(() => openSqliteStore({ file }), { message: inUse })
  const open = `import { openSqliteStore } from '${import.meta.dirname}/../../src/stores/sqlite.ts'
    try { openSqliteStore({ file: process.argv[1] }); console.log('opened') }
    catch (error) { console.log(error.message) }`
  const inChild = (): string =>
    execFileSync(process.execPath, ['--input-type=module', '-e', open, file], { encoding: 'utf8' })
  t.match(inChild(), inUse)
  await store.log.create('gen_d', started())
  t.match(inChild(), inUse, 'still, after the first refusals')
  await store.close()
  t.equal(inChild(), 'opened\n')
})

void t.test('makes files that only their owner can read', async t => {
  const dir = join(t.testdir(), 'new', 'folder')
  const file = join(dir, 'chatai.db')
  const modes = (): string[] =>
    readdirSync(dir).map(name => `${name} ${(statSync(join(dir, name)).mode & 0o777).toString(8)}`)
  const store = openSqliteStore({ file })
  await store.log.create('gen_a', started())
  const expected = ['', '-shm', '-wal', '.lock'].map(end => `chatai.db${end} 600`)
  t.strictSame(modes(), expected)
  t.equal(statSync(dir).mode & 0o777, 0o700)
  await store.close()
  chmodSync(file, 0o644)
  const again = openSqliteStore({ file })
  t.strictSame(modes(), expected)
  await again.close()
})

void t.test('does not mind garbage beside the file', async t => {
  const file = await fill(t)
  for (const end of ['-wal', '-shm', '-journal', '.lock', '.lock-journal', '.bak']) {
    appendFileSync(`${file}${end}`, 'garbage '.repeat(2000))
  }
  mkdirSync(`${file}.d`)
  const store = openSqliteStore({ file })
  t.strictSame(await textsOf(store.log, 'gen_a'), ['a'.repeat(100_000)])
  await store.log.create('gen_d', started())
  t.throws(() => openSqliteStore({ file }), { message: /is in use by another ChatAI/ })
  await store.close()
})
