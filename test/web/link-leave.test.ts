/** Whoever leaves a link leaves at once, and leaves nothing behind. */
import { getEventListeners } from 'node:events'
import { ReadableStream } from 'node:stream/web'
import t, { type Test } from 'tap'
import { type Item, type LinkOptions, type Transport, openLink } from '../../web/link/link.ts'
import { type LogServer, answerOf, generation, openLogServer, pour } from './log-server.ts'

const transports = ['sse', 'websocket'] as const

async function pair(t: Test, transport: Transport, options: LinkOptions = {}) {
  const server = await openLogServer()
  server.log.push(...answerOf(8))
  const end = new AbortController()
  t.teardown(async () => {
    end.abort()
    await server.close()
  })
  const pace = { baseMs: 1, capMs: 5 }
  const link = openLink(transport, { base: server.url, signal: end.signal, pace, ...options })
  return { server, link }
}

async function all(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = []
  for await (const batch of batches) items.push(...batch)
  return items
}

const told = (server: LogServer, wanted: string): Promise<void> =>
  new Promise(resolve => {
    server.onCommand = command => command === wanted && resolve()
  })

for (const transport of transports) {
  void t.test(transport, async t => {
    await t.test('leaving while a batch is waited for ends the loop', async t => {
      const { server, link } = await pair(t, transport)
      server.onAttach = wire => wire.send(server.log[wire.after] ?? {})
      const reading = link.events(generation, 0)[Symbol.asyncIterator]()
      t.match(await reading.next(), { done: false, value: [{ seq: 1 }] })
      const waiting = reading.next()
      t.strictSame(await reading.return?.(), { done: true, value: undefined })
      t.strictSame(await waiting, { done: true, value: undefined })
      t.strictSame(await reading.next(), { done: true, value: undefined })
      server.onAttach = wire => pour(server, wire)
      t.strictSame(await all(link.events(generation, 1)), server.log.slice(1), 'and others go on')
    })

    await t.test('leaving while an attempt is waited for ends the loop', async t => {
      const waiting = Promise.withResolvers<void>()
      const { server, link } = await pair(t, transport, {
        pace: { random: () => 1000 },
        onState: state => state === 'resuming' && waiting.resolve(),
      })
      server.onAttach = wire => wire.cut()
      const reading = link.events(generation, 0)[Symbol.asyncIterator]()
      const next = reading.next()
      await waiting.promise
      await reading.return?.()
      t.strictSame(await next, { done: true, value: undefined })
    })

    await t.test('leaving while nobody answers ends the loop', async t => {
      const { server, link } = await pair(t, transport)
      const attached = Promise.withResolvers<void>()
      server.onAttach = () => attached.resolve()
      const reading = link.events(generation, 0)[Symbol.asyncIterator]()
      const next = reading.next()
      await attached.promise
      await reading.return?.()
      t.strictSame(await next, { done: true, value: undefined })
    })

    await t.test('a loop that never began ends, too', async t => {
      const { server, link } = await pair(t, transport)
      const reading = link.events(generation, 0)[Symbol.asyncIterator]()
      t.strictSame(await reading.return?.(), { done: true, value: undefined })
      t.strictSame(await reading.next(), { done: true, value: undefined })
      t.strictSame(server.commands, [])
    })

    await t.test('the stream of a reading is cancelled', async t => {
      const { server, link } = await pair(t, transport)
      server.onAttach = wire => wire.send(server.log[wire.after] ?? {})
      const reader = ReadableStream.from(link.events(generation, 0)).getReader()
      await reader.read()
      const waiting = reader.read()
      await reader.cancel()
      t.match(await waiting, { done: true })
    })

    await t.test('a reading that is over listens to nothing', async t => {
      const end = new AbortController()
      const { server, link } = await pair(t, transport, { signal: end.signal })
      // A signal of `AbortSignal.any` that is listened to lives as long as what it is made of.
      const made = t.capture(AbortSignal, 'any', AbortSignal.any)
      let cuts = 3
      server.onAttach = wire => (cuts-- > 0 ? wire.cut() : pour(server, wire))
      await all(link.events(generation, 0))
      for await (const batch of link.events(generation, 4)) if (batch.length > 0) break
      await all(link.events(await link.start({ message: 'x' }), 0))
      const signals = made().flatMap(call => ('returned' in call ? [call.returned] : []))
      t.ok(signals.length >= 3)
      t.same(
        signals.flatMap(signal => getEventListeners(signal, 'abort')),
        [],
      )
      const open = transport === 'sse' ? 0 : 1
      t.equal(getEventListeners(end.signal, 'abort').length, open, 'but for the open socket')
      end.abort()
      t.equal(getEventListeners(end.signal, 'abort').length, 0)
    })
  })
}

void t.test('a reader that leaves does not take the log from one that is coming', async t => {
  const { server, link } = await pair(t, 'websocket')
  server.onAttach = wire => wire.send(server.log[wire.after] ?? {})
  const leave = new AbortController()
  const first = link.events(generation, 0, leave.signal)[Symbol.asyncIterator]()
  await first.next()
  const second = link.events(generation, 0)[Symbol.asyncIterator]()
  const coming = second.next()
  leave.abort()
  await coming
  t.strictSame(server.commands, ['attach', 'attach'])
  const detached = told(server, 'detach')
  await second.return?.()
  await detached
})

void t.test('what comes before an attach is accepted is for earlier readers', async t => {
  const { server, link } = await pair(t, 'websocket')
  server.onAttach = first => {
    for (const event of server.log.slice(0, -1)) first.send(event)
    server.onCommand = () => first.send(server.log.at(-1) ?? {})
    server.onAttach = wire => pour(server, wire)
  }
  for await (const batch of link.events(generation, 0)) {
    if (batch.at(-1)?.seq === 9) t.strictSame(await all(link.events(generation, 0)), server.log)
  }
  t.strictSame(server.commands, ['attach', 'attach'])
})

void t.test('an attach that was given up is undone once it is answered', async t => {
  const { server, link } = await pair(t, 'websocket')
  await link.stop(generation)
  const reading = link.events(generation, 0)[Symbol.asyncIterator]()
  void reading.next()
  const detached = told(server, 'detach')
  await reading.return?.()
  await detached
  t.strictSame(server.commands, ['stop', 'attach', 'detach'])
})

void t.test('what a reader leaves lying is left to the server until it comes back', async t => {
  const { server, link } = await pair(t, 'websocket')
  server.log.splice(0, 10, ...answerOf(12_000))
  const full = told(server, 'detach')
  const id = await link.start({ message: 'x' })
  await full
  const items = await all(link.events(id, 0))
  t.equal(items.length, 12_002)
  t.ok(items.every(({ seq }, i) => seq === i + 1))
  t.strictSame(server.commands, ['start', 'detach', 'attach'])
})

void t.test('a link without a transport or a place says what is missing', async t => {
  t.throws(() => openLink('sse'), { message: /where the server is.*base/ })
  // @ts-expect-error what a program without types may say
  t.throws(() => openLink('ws', { base: 'http://127.0.0.1' }), { message: /sse or websocket/ })
})
