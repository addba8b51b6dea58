import { once } from 'node:events'
import t from 'tap'

import { atTickEnd, tickEnd } from '../src/tick.ts'

/** A tick whose end has not come: the test before began in one that had. */
t.beforeEach(() => new Promise<void>(resolve => setTimeout(resolve)))

/** As many turns of the queue of promises. */
async function promises(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve()
}

t.test('what is handed over in a tick ends together, in its order', async t => {
  const order: string[] = []
  atTickEnd(() => order.push('a'))
  await promises(10)
  process.nextTick(() => atTickEnd(() => order.push('b')))
  await promises(10)
  t.strictSame(order, [], 'not while it may go on')
  await tickEnd()
  t.strictSame(order, ['a', 'b'])
})

t.test('what its end leads to ends in it too, and what that leads to in the next', async t => {
  const order: string[] = []
  async function lead(to: () => void): Promise<void> {
    await promises(10)
    atTickEnd(to)
  }
  await new Promise<void>(resolve => {
    atTickEnd(() => {
      order.push('first end')
      setImmediate(() => order.push('next tick'))
      void lead(() => {
        order.push('second end')
        atTickEnd(() => order.push('handed over in it'))
        void lead(() => {
          order.push('its end')
          resolve()
        })
      })
    })
  })
  t.strictSame(order, ['first end', 'second end', 'next tick', 'handed over in it', 'its end'])
})

t.test('one that throws takes nobody else their turn', async t => {
  for (const end of ['first', 'second']) {
    const order: string[] = []
    const thrown = once(process, 'uncaughtException')
    if (end === 'second') await tickEnd()
    atTickEnd(() => {
      order.push('a')
      throw new Error('mine')
    })
    atTickEnd(() => order.push('b'))
    await tickEnd()
    t.match(await thrown, [{ message: 'mine' }])
    t.strictSame(order, ['a', 'b'])
  }
})

t.test('nothing that hands over for ever holds up a timer', async t => {
  const timer = { late: 0, over: false }
  setTimeout(() => (timer.over = true), 1)
  for (; !timer.over && timer.late < 1e6; timer.late++) await tickEnd()
  t.ok(timer.over)
})

t.test('all who wait for one end are woken before what that wakes', async t => {
  const order: string[] = []
  const wait = async (name: string): Promise<void> => {
    await tickEnd()
    order.push(name)
    await Promise.resolve()
    order.push(`after ${name}`)
  }
  await Promise.all([wait('a'), wait('b')])
  t.strictSame(order, ['a', 'b', 'after a', 'after b'])
})
