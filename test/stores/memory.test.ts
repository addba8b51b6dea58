import t from 'tap'

import { createMemoryStore } from '../../src/stores/memory.ts'
import { storeLaws } from './store.laws.ts'

await storeLaws(t, (_, options) => createMemoryStore(options))
