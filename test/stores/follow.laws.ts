import { getEventListeners } from 'node:events'
import type { Test } from 'tap'

import type { Store } from '../../src/core/conversation.ts'
import { type Fact, toLines } from '../../src/core/event.ts'
import { follow, type Log } from '../../src/core/log.ts'
import { conversation, done, type OpenStore, readAll, started, text } from '../support/facts.ts'

const facts: readonly Fact[] = [...Array.from({ length: 30 }, (_, i) => text(`piece ${i}`)), done]
const expected = toLines('gen_a', 0, [started(), ...facts]).map(line => line.json)

/** The laws of readers: waiters, and follow() over the store. */
export async function followLaws(t: Test, open: OpenStore): Promise<void> {
  const law = (name: string, prove: (t: Test, store: Store) => Promise<void>): Promise<unknown> =>
    t.test(name, async t => prove(t, await open(t, { now: () => 1 })))

  await law('gives each line once to readers that drop at every seq', async (t, { log }) => {
    await log.create('gen_a', started())
    const readers = expected.map((_, i) => readTwice(log, i + 1))
    await speak(log)
    for (const [first, second] of await Promise.all(readers)) {
      t.strictSame([...first, ...second], expected)
    }
    for (const i of expected.keys()) {
      const [first, second] = await readTwice(log, i + 1)
      t.strictSame([...first, ...second], expected)
    }
  })

  await law('leaves no waiter and no listener behind', async (t, { log }) => {
    await log.create('gen_a', started())
    const { signal } = new AbortController()
    const readers = [0, 1, 5, 20].map(after => read(log, after, { signal, limit: Infinity }))
    await new Promise(setImmediate)
    t.equal(getEventListeners(signal, 'abort').length, 4)
    await speak(log)
    await Promise.all(readers)
    t.equal(getEventListeners(signal, 'abort').length, 0)
    await read(log, 0, { signal, limit: 3 })
    t.equal(getEventListeners(signal, 'abort').length, 0, 'nor when the reader just leaves')
  })

  await law('lets go of a reader whose signal aborts', async (t, { log }) => {
    await log.create('gen_a', started())
    const abort = new AbortController()
    const waiting = read(log, 0, { signal: abort.signal, limit: Infinity })
    await new Promise(setImmediate)
    abort.abort()
    t.strictSame(await waiting, expected.slice(0, 1))
    t.equal(getEventListeners(abort.signal, 'abort').length, 0)
    t.strictSame(await read(log, 0, { signal: abort.signal, limit: 9 }), [], 'nor lets it begin')
  })

  await law('ends at once for a reader that has seen the terminal event', async (t, { log }) => {
    await log.create('gen_a', started())
    await speak(log)
    t.strictSame(await read(log, expected.length, {}), [])
    await new Promise(setImmediate)
    t.strictSame(await read(log, expected.length, {}), [])
  })

  await law('tells waiting readers that the log was deleted', async (t, store) => {
    const { log, conversations } = store
    await conversations.create(conversation('cnv_a'))
    await log.create('gen_a', started('cnv_a'))
    const waiting = read(log, 1, {})
    await new Promise(setImmediate)
    await conversations.remove('cnv_a')
    await t.rejects(waiting, { code: 'not_found' })
    await t.rejects(read(log, 0, {}), { code: 'not_found' })
    t.equal(await log.append('gen_a', [text('late')]), false)
    t.strictSame(await readAll(log, 'gen_a'), [])
    t.strictSame(await log.open(), [])
  })

  await law('a paused reader holds up neither the log nor other readers', async (t, { log }) => {
    await log.create('gen_a', started())
    const paused = follow(log, { generation: 'gen_a', after: 0 }, new AbortController().signal)
    await paused.next()
    const other = read(log, 0, {})
    await speak(log)
    t.strictSame(await other, expected)
    t.strictSame((await paused.next()).value?.[0]?.seq, 2)
    await paused.return?.()
  })
}

/** Say all facts, a few in a tick. */
async function speak(log: Log): Promise<void> {
  for (let i = 0; i < facts.length; i += 3) await log.append('gen_a', facts.slice(i, i + 3))
}

interface Reading {
  readonly signal?: AbortSignal
  /** Leave after so many lines. */
  readonly limit?: number
}

async function read(
  log: Log,
  after: number,
  { signal = new AbortController().signal, limit = Infinity }: Reading,
): Promise<string[]> {
  const read: string[] = []
  for await (const lines of follow(log, { generation: 'gen_a', after }, signal)) {
    for (const line of lines) {
      read.push(line.json)
      if (read.length === limit) return read
    }
  }
  return read
}

/** Read up to a seq, drop, and resume after it. */
async function readTwice(log: Log, seq: number): Promise<[string[], string[]]> {
  const first = await read(log, 0, { limit: seq })
  return [first, await read(log, seq, {})]
}
