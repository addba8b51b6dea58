import { join } from 'node:path'
import t from 'tap'

import { openSqliteStore } from '../../src/stores/sqlite.ts'
import { storeLaws } from './store.laws.ts'

await storeLaws(t, (t, options) => {
  const store = openSqliteStore({ ...options, file: join(t.testdir(), 'chatai.db') })
  t.teardown(() => store.close())
  return store
})
