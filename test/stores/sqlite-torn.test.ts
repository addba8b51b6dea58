/** A power cut: of the write-ahead log there is a beginning, and its last record is torn. */
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

import { openSqliteStore } from '../../src/stores/sqlite.ts'
import { started, text } from '../support/facts.ts'
import { build } from '../support/app.ts'
import { sseWire } from '../support/wire-sse.ts'
import { rest } from '../support/wire.ts'

const LINES = 40
/** Of a WAL, by SQLite's file format; a frame is a page with its head. */
const HEAD_BYTES = 32
const FRAME_BYTES = 4096 + 24

t.test('a torn record is cut, and what was open is ended as interrupted', async t => {
  const file = join(t.testdir(), 'chatai.db')
  const store = openSqliteStore({ file })
  t.teardown(() => store.close())
  const generation = `gen_${'x'.repeat(22)}`
  await store.log.create(generation, started())
  for (let i = 0; i < LINES; i++) await store.log.append(generation, [text(`piece ${i}`)])
  const wal = readFileSync(`${file}-wal`)
  const frames = Math.floor((wal.length - HEAD_BYTES) / FRAME_BYTES)
  const seqs: number[] = []
  for (const torn of [1, 2, 5, 17, 40]) {
    const folder = join(t.testdirName, `${torn}`)
    mkdirSync(folder)
    const copy = join(folder, 'chatai.db')
    copyFileSync(file, copy)
    writeFileSync(`${copy}-wal`, wal)
    // In the middle of a frame; the bytes behind a tear may be anything.
    if (torn % 2 === 0) {
      truncateSync(`${copy}-wal`, HEAD_BYTES + (frames - torn) * FRAME_BYTES + 1000)
    } else {
      const bytes = Buffer.from(wal)
      bytes.fill('garbage', HEAD_BYTES + (frames - torn) * FRAME_BYTES + 1000)
      writeFileSync(`${copy}-wal`, bytes)
    }
    const app = await build(t, { env: { STORE: `sqlite:${copy}` } })
    const heard = await rest(await sseWire(app.url).attach(generation))
    const pieces = heard.slice(1, -1).map(({ event }) => 'text' in event && event.text)
    t.same(
      pieces,
      pieces.map((_, i) => `piece ${i}`),
      'whole records, from the first on',
    )
    t.match(heard.at(-1)?.event, { seq: heard.length, type: 'failed', code: 'interrupted' })
    seqs.push(heard.length)
    await app.server.close()
  }
  t.ok((seqs.at(0) ?? 0) > (seqs.at(-1) ?? 0), `the more is torn, the less is left: ${seqs.join()}`)
})
