import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'

import { openSqliteStore } from '../../src/stores/sqlite.ts'
import { done, readAll, started, text, textsOf } from '../support/facts.ts'

const MiB = 1024 * 1024

void t.test('a quiet answer beside loud ones holds up neither journal nor WAL', async t => {
  const file = join(t.testdir(), 'chatai.db')
  const store = openSqliteStore({ file })
  const { log } = store
  const loud = Array.from({ length: 20 }, (_, i) => `gen_${i}`)
  await Promise.all(['gen_quiet', ...loud].map(id => log.create(id, started())))
  await log.append('gen_quiet', [text('before')])
  const piece = text('x'.repeat(8000))
  for (let said = 0; said < 90 * MiB; said += 20 * 8000) {
    await Promise.all(loud.map(id => log.append(id, [piece])))
  }
  t.equal(await log.append('gen_quiet', [text('after')]), true)
  await Promise.all(loud.map(id => log.append(id, [done])))
  await store.sweep({ before: 0, bytes: Infinity })
  t.strictSame(await textsOf(log, 'gen_quiet'), ['before', 'after'])

  const other = new DatabaseSync(file, { readOnly: true })
  const left = other.prepare('SELECT count(*) AS n, min(n) AS first FROM journal').get()
  t.ok(Number(left?.['first']) > 100, 'its first lines are in a page')
  t.ok(Number(left?.['n']) < 100, 'what nobody needs is trimmed')
  other.close()
  t.ok(statSync(`${file}-wal`).size < 200 * MiB)
  t.equal((await readAll(log, 'gen_7')).length, Math.ceil((90 * MiB) / (20 * 8000)) + 2)
  await store.close()

  const again = openSqliteStore({ file })
  t.strictSame(await again.log.open(), ['gen_quiet'])
  t.strictSame(await textsOf(again.log, 'gen_quiet'), ['before', 'after'])
  await again.close()
})
