import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'

import { type Intake, createIntake } from '../../src/providers/intake.ts'

/** Streams of one transport, and what was taken from them, in that order. */
function scene(t: Test, count: number) {
  const taken: string[] = []
  const streams = Array.from({ length: count }, () => new PassThrough().setEncoding('utf8'))
  const intakes = streams.map(stream => createIntake(stream))
  t.teardown(() => streams.forEach(stream => stream.destroy()))
  const take = (intake: Intake): void => void taken.push(intake.take())
  intakes.forEach(intake => intake.wait(() => take(intake)))
  return { streams, intakes, taken }
}

/** All callbacks of this tick have run, those at its end too. */
const tick = async (): Promise<void> => {
  await new Promise(setImmediate)
  await new Promise(setImmediate)
}

t.test(
  'what arrives in one tick is taken at its end, each stream once, in their order',
  async t => {
    const { streams, taken } = scene(t, 3)
    for (const piece of ['a', 'b']) {
      streams.forEach((stream, i) => stream.write(`${piece}${i} `))
      // As between two reads of one tick: what they left to do is done.
      await new Promise<void>(resolve => process.nextTick(resolve))
    }
    t.strictSame(taken, [], 'not while it may go on')
    await tick()
    t.strictSame(taken, ['a0 b0 ', 'a1 b1 ', 'a2 b2 '])
  },
)

t.test('who waits is woken once, however much arrives', async t => {
  const { streams, intakes, taken } = scene(t, 1)
  const wake = (): void => {
    if (intakes[0]?.over()) return
    taken.push(intakes[0]?.take() ?? '')
    intakes[0]?.wait(wake)
  }
  await tick()
  intakes[0]?.wait(wake)
  for (const piece of ['a', 'b', 'c']) {
    streams[0]?.write(piece)
    await new Promise<void>(resolve => process.nextTick(resolve))
  }
  await tick()
  t.strictSame(taken, ['abc'])
})

t.test('what has arrived is taken at once by who comes later', async t => {
  const { streams, intakes, taken } = scene(t, 1)
  streams[0]?.write('one')
  await tick()
  streams[0]?.write('two')
  await tick()
  t.strictSame(taken, ['one'])
  let woken = false
  intakes[0]?.wait(() => (woken = true))
  t.ok(woken)
  t.equal(intakes[0]?.take(), 'two')
})

t.test('an end and a cut are told with what came before them', async t => {
  const { streams, intakes, taken } = scene(t, 2)
  streams[0]?.end('the last')
  streams[1]?.write('the first')
  streams[1]?.destroy(new Error('cut'))
  await tick()
  t.ok(taken.includes('the last'))
  t.ok(taken.includes('the first'))
  t.ok(intakes[0]?.over())
  t.ok(intakes[1]?.over())
  t.throws(() => intakes[1]?.take(), /cut/)
})
