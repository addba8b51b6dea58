import type { Test } from 'tap'

import { decode, type Line, toLines } from '../../src/core/event.ts'
import { type Log, READ_BYTES } from '../../src/core/log.ts'
import { done, type OpenStore, readAll, started, text, textsOf } from '../support/facts.ts'

const never = new AbortController().signal

/** The laws of Log; `open` gives a fresh store. */
export async function logLaws(t: Test, open: OpenStore): Promise<void> {
  const law = (name: string, prove: (t: Test, log: Log) => Promise<void>): Promise<unknown> =>
    t.test(name, async t => prove(t, (await open(t, { now: () => 1 })).log))

  await law('numbers from 1 without a hole, in the order of the calls', async (t, log) => {
    await log.create('gen_a', started())
    const facts = Array.from({ length: 50 }, (_, i) => text(`piece ${i}`))
    const kept = facts.map(fact => log.append('gen_a', [fact, text('and')]))
    t.same(await Promise.all(kept), Array(50).fill(true))
    await log.append('gen_a', [done])
    const expected = toLines('gen_a', 0, [started(), ...facts.flatMap(f => [f, text('and')]), done])
    t.strictSame(await readAll(log, 'gen_a'), expected)
    t.strictSame(await readAll(log, 'gen_a'), expected, 'and again the same')
  })

  await law('keeps generations apart that speak at once', async (t, log) => {
    const ids = ['gen_a', 'gen_b', 'gen_c']
    await Promise.all(ids.map(id => log.create(id, started())))
    for (let i = 0; i < 20; i++) {
      await Promise.all(ids.map(id => log.append(id, [text(`${id} says ${i}`)])))
    }
    for (const id of ids) {
      t.strictSame(
        await textsOf(log, id),
        Array.from({ length: 20 }, (_, i) => `${id} says ${i}`),
      )
    }
  })

  await law('has a line when its append resolves and when a waiter wakes', async (t, log) => {
    await log.create('gen_a', started())
    t.strictSame(await log.head('gen_a'), { owner: '', seq: 1, ended: false })
    await log.append('gen_a', [text('one')])
    t.strictSame(await log.head('gen_a'), { owner: '', seq: 2, ended: false })
    const waiter = log.watch('gen_a', never)
    const woken = waiter.next().then(() => log.read('gen_a', 2))
    const kept = log.append('gen_a', [text('two')])
    t.strictSame((await woken)?.map(decode), [{ generation: 'gen_a', seq: 3, ...text('two') }])
    await kept
    waiter.leave()
  })

  await law('takes what is handed over in the tick of the creation', async (t, log) => {
    const kept = [log.create('gen_a', started()), log.append('gen_a', [text('one'), done])]
    t.strictSame(await Promise.all(kept), [undefined, true])
    t.strictSame(await log.head('gen_a'), { owner: '', seq: 3, ended: true })
  })

  await law('keeps nothing after a terminal event', async (t, log) => {
    await log.create('gen_a', started())
    const race = [
      log.append('gen_a', [text('one')]),
      log.append('gen_a', [done, text('beyond')]),
      log.append('gen_a', [{ type: 'done', reason: 'stopped', by: 'client' }]),
    ]
    t.strictSame(await Promise.all(race), [true, true, false])
    t.equal(await log.append('gen_a', [text('late')]), false)
    await new Promise(setImmediate)
    t.equal(await log.append('gen_a', [text('later')]), false)
    t.strictSame(await readAll(log, 'gen_a'), toLines('gen_a', 0, [started(), text('one'), done]))
    t.strictSame(await log.head('gen_a'), { owner: '', seq: 3, ended: true })
  })

  await law('marks the terminal event and no other as last', async (t, log) => {
    await log.create('gen_a', started())
    await log.append('gen_a', [text('one')])
    t.strictSame(
      (await readAll(log, 'gen_a')).map(line => line.last),
      [false, false],
    )
    await log.append('gen_a', [done])
    t.strictSame(
      (await readAll(log, 'gen_a')).map(line => line.last),
      [false, false, true],
    )
    await new Promise(setImmediate)
    t.strictSame(
      (await readAll(log, 'gen_a')).map(line => line.last),
      [false, false, true],
    )
  })

  await law('returns nothing yet at the end, and undefined without a log', async (t, log) => {
    await log.create('gen_a', started())
    t.strictSame(await log.read('gen_a', 1), [])
    await log.append('gen_a', [done])
    t.strictSame(await log.read('gen_a', 2), [])
    await new Promise(setImmediate)
    t.strictSame(await log.read('gen_a', 2), [])
    for (const id of ['gen_b', '__proto__', 'constructor', '', "' OR 1=1 --", '\ud800', 'a\0b']) {
      t.equal(await log.read(id, 0), undefined)
      t.equal(await log.head(id), undefined)
      t.equal(await log.claimed(id), undefined)
      t.equal(await log.append(id, [text('lost')]), false)
    }
  })

  await law('reads a log far longer than memory from everywhere', async (t, log) => {
    const sizes = [10, 300, 3000, READ_BYTES - 200, 5, READ_BYTES + 1, 50_000, 1_000_000, 20]
    const facts = Array.from({ length: 90 }, (_, i) => text(`${i} `.padEnd(sizes[i % 9] ?? 0, 'x')))
    await log.create('gen_a', started())
    for (let i = 0; i < facts.length; i += 3) await log.append('gen_a', facts.slice(i, i + 3))
    const expected = toLines('gen_a', 0, [started(), ...facts, done])
    await proveReads(t, log, expected.slice(0, -1))
    await log.append('gen_a', [done])
    await new Promise(setImmediate)
    await proveReads(t, log, expected)
  })

  await law('leaves the process to others between the reads of a long log', async (t, log) => {
    await log.create('gen_a', started())
    const piece = text('x'.repeat(READ_BYTES / 2))
    await log.append('gen_a', Array(20).fill(piece))
    const turns = countTurns()
    await readAll(log, 'gen_a')
    t.ok(turns() >= 10, 'while it is live')
    await log.append('gen_a', [done])
    await new Promise(setImmediate)
    const later = countTurns()
    await readAll(log, 'gen_a')
    t.ok(later() >= 10, 'and after its end')
  })

  await law('gives every character back', async (t, log) => {
    const hard = [
      '\ud83d',
      '\ude00',
      'a\u2028b\u2029c',
      'nul \0 nul',
      '\r\n\n',
      '"\\',
      '😀',
      '\ufeff',
      '',
    ]
    await log.create('gen_a', started())
    await log.append('gen_a', hard.map(text))
    t.strictSame(await textsOf(log, 'gen_a'), hard)
    await log.append('gen_a', [done])
    await new Promise(setImmediate)
    t.strictSame(await textsOf(log, 'gen_a'), hard)
    t.strictSame(
      await readAll(log, 'gen_a'),
      toLines('gen_a', 0, [started(), ...hard.map(text), done]),
    )
  })

  await law('has a claim as long as the log', async (t, log) => {
    for (const [i, key] of ['k', '__proto__', '\ud800', '\udbff', 'a\0'].entries()) {
      await log.create(`gen_${i}`, started(), { claim: { key, digest: `digest ${i}` } })
      t.strictSame(await log.claimed(key), { generation: `gen_${i}`, digest: `digest ${i}` })
    }
    t.equal(await log.claimed('gen_0'), undefined)
  })

  await law('creates a log and grants a claim once', async (t, log) => {
    const claim = { key: 'k', digest: 'd' }
    await log.create('gen_a', started(), { claim })
    const refused = { name: 'ChatError', code: 'conflict' }
    await t.rejects(log.create('gen_a', started()), refused)
    await t.rejects(log.create('gen_b', started(), { claim }), refused)
    t.equal(await log.head('gen_b'), undefined)
    await log.append('gen_a', [done])
    await new Promise(setImmediate)
    await t.rejects(log.create('gen_a', started()), refused)
    t.strictSame(await log.head('gen_a'), { owner: '', seq: 2, ended: true })
    await log.create('gen_b', started(), { claim: { key: 'other', digest: 'd' } })
    t.strictSame(await log.head('gen_b'), { owner: '', seq: 1, ended: false })
  })

  await law('lists the logs that have not ended', async (t, log) => {
    await Promise.all(['gen_a', 'gen_b', 'gen_c'].map(id => log.create(id, started())))
    await log.append('gen_b', [done])
    t.strictSame([...(await log.open())].toSorted(), ['gen_a', 'gen_c'])
  })
}

/** Every read returns what follows, as much as fits, whatever the cursor. */
async function proveReads(t: Test, log: Log, expected: readonly Line[]): Promise<void> {
  for (let after = 0; after <= expected.length; after++) {
    const lines = (await log.read('gen_a', after)) ?? []
    let bytes = 0
    const fitting = expected.slice(after).filter((line, i) => {
      bytes += line.json.length
      return bytes <= READ_BYTES || i === 0
    })
    if (lines.length !== fitting.length) t.equal(lines.length, fitting.length, `after ${after}`)
    if (lines.some((line, i) => line.json !== fitting[i]?.json)) t.fail(`other text after ${after}`)
  }
  t.strictSame(await readAll(log, 'gen_a'), expected)
}

/** Turns of the event loop until the function is called. */
function countTurns(): () => number {
  let turns = 0
  let next = setImmediate(count)
  function count(): void {
    turns++
    next = setImmediate(count)
  }
  return () => {
    clearImmediate(next)
    return turns
  }
}
