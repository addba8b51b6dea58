import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'

import type { Store } from '../../src/core/conversation.ts'
import { decode, type Event } from '../../src/core/event.ts'
import { openSqliteStore } from '../../src/stores/sqlite.ts'
import { done, readAll } from '../support/facts.ts'

const appender = fileURLToPath(new URL('../support/appender.ts', import.meta.url))

/** Lines that a process said were readable, by generation; it was killed after about `count`. */
async function runAndKill(
  file: string,
  run: number,
  count: number,
): Promise<Map<string, string[]>> {
  const child = spawn(process.execPath, [appender, file, String(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = new Map<string, string[]>()
  let left = count
  for await (const json of createInterface({ input: child.stdout })) {
    if (left-- === 0) child.kill('SIGKILL')
    // The last line may be cut off by the kill.
    if (!json.endsWith('}')) continue
    const { generation } = JSON.parse(json) as Event
    const lines = said.get(generation) ?? []
    lines.push(json)
    said.set(generation, lines)
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return said
}

/** Everything said is there under its seq, without a hole, and what is open is listed. */
async function prove(t: Test, { log }: Store, said: ReadonlyMap<string, string[]>): Promise<void> {
  const open = new Set(await log.open())
  for (const [generation, lines] of said) {
    const kept = await readAll(log, generation)
    t.strictSame(
      kept.slice(0, lines.length).map(line => line.json),
      lines,
      generation,
    )
    t.ok(kept.every((line, i) => line.seq === i + 1 && decode(line).seq === line.seq))
    const end = kept.at(-1)
    t.strictSame(await log.head(generation), { owner: '', seq: kept.length, ended: end?.last })
    t.equal(open.has(generation), !end?.last)
    t.same(await log.claimed(generation.slice(4)), { generation, digest: 'd' })
  }
}

/** What was handed over in one tick is there together or not at all. */
async function proveTogether(t: Test, { log, conversations }: Store): Promise<number> {
  const { conversations: all } = await conversations.list('', 100_000)
  let whole = 0
  for (const { id } of all) {
    const [turn] = await conversations.turns(id)
    if ((await log.head(turn?.generation ?? '')) !== undefined) whole++
  }
  t.equal(whole, all.length)
  return whole
}

void t.test('keeps every line that was read, however often the process is killed', async t => {
  const file = join(t.testdir(), 'chatai.db')
  for (let run = 0; run < 6; run++) {
    const said = await runAndKill(file, run, randomInt(1, 4000))
    const store = openSqliteStore({ file })
    await prove(t, store, said)
    await proveTogether(t, store)
    for (const id of await store.log.open()) {
      t.equal(await store.log.append(id, [done]), true)
      t.equal((await readAll(store.log, id)).at(-1)?.last, true)
    }
    t.strictSame(await store.log.open(), [])
    await store.close()
  }
})
