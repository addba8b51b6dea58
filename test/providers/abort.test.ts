import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import t, { type Test } from 'tap'
import type { Chunk, Provider } from '../../src/core/chunk.ts'
import { question } from '../support/hear.ts'
import { type Step, chunks, head, never, reply, until } from '../support/script.ts'
import { type Upstream, startUpstream } from '../support/upstream.ts'
import { provide, watchSockets } from './ask.ts'

/** An answer under way that is left by `leave`, in one of the two ways in which it can be. */
interface Listening {
  /** The next batch, and the one after that is asked for already. */
  readonly said: Promise<IteratorResult<readonly Chunk[]>>
  /** Leave; resolves when the iterator has finished, with all its results. */
  leave(): Promise<void>
}
type Listen = (provider: Provider) => Listening

const ways: readonly [way: string, listen: Listen][] = [
  [
    'an abort',
    provider => {
      const controller = new AbortController()
      const batches = provider.stream(question, controller.signal)[Symbol.asyncIterator]()
      const said = batches.next()
      const after = said.then(({ done }) => (done ? undefined : batches.next()))
      return {
        said,
        async leave() {
          controller.abort()
          const result = await after
          if (result?.done === false) throw new Error('It went on after the abort')
        },
      }
    },
  ],
  [
    'leaving the loop',
    provider => {
      const answer = provider.stream(question, new AbortController().signal)
      const batches = answer[Symbol.asyncIterator]()
      const said = batches.next()
      const after = said.then(({ done }) => (done ? undefined : batches.next()))
      return {
        said,
        async leave() {
          const left = await batches.return?.()
          const result = await after
          if (!left?.done || result?.done === false) throw new Error('It went on after the end')
        },
      }
    },
  ],
]

async function prepare(t: Test, ...steps: Step[]): Promise<[Upstream, Provider]> {
  const upstream = await startUpstream(t)
  upstream.play(...steps)
  return [upstream, provide(upstream.baseURL, { backoffMs: 60_000 })]
}

t.test('a signal that was aborted before opens no connection', async t => {
  const [upstream, provider] = await prepare(t)
  for await (const batch of provider.stream(question, AbortSignal.abort()))
    t.fail(`${batch.length}`)
  t.equal(upstream.connections, 0)
})

for (const [way, listen] of ways) {
  t.test(`${way} before the request is sent leaves nothing behind`, async t => {
    const sockets = watchSockets(t)
    const [upstream, provider] = await prepare(t)
    await listen(provider).leave()
    t.ok(sockets.every(socket => socket.closed))
    t.equal(upstream.requests.length, 0)
  })

  t.test(`${way} closes a socket that is still connecting`, async t => {
    // Takes the connection and never answers the TLS handshake.
    const server = createServer().listen(0, '127.0.0.1')
    t.teardown(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const sockets = watchSockets(t)
    const listening = listen(provide(`https://127.0.0.1:${port}/v1`))
    const [socket] = (await once(server, 'connection')) as [Socket]
    socket.resume().on('error', () => undefined)
    const closed = once(socket, 'close')
    await listening.leave()
    t.ok(sockets.length > 0 && sockets.every(({ closed }) => closed))
    await closed
  })

  t.test(`${way} closes the socket while it waits for the response`, async t => {
    const sockets = watchSockets(t)
    const [upstream, provider] = await prepare(t, never)
    const listening = listen(provider)
    const request = await upstream.arrived()
    const left = performance.now()
    await listening.leave()
    t.ok(sockets.length === 1 && sockets[0]?.closed, 'closed when the iterator has finished')
    t.ok((await request.closed) - left < 500, 'and seen by the upstream at once')
    t.equal(upstream.requests.length, 1, 'and not tried again')
  })

  t.test(`${way} closes the socket in the middle of an answer`, async t => {
    const sockets = watchSockets(t)
    const [upstream, provider] = await prepare(t, head(), chunks({ content: 'Hello' }), never)
    const listening = listen(provider)
    t.match(await listening.said, { value: [{ type: 'text', text: 'Hello' }] })
    await listening.leave()
    t.ok(sockets.length === 1 && sockets[0]?.closed)
    t.type(await upstream.requests[0]?.closed, 'number')
    t.equal(upstream.sockets, 0)
  })

  t.test(`${way} closes the socket of a packed answer`, async t => {
    const sockets = watchSockets(t)
    const packed = head(200, { 'content-encoding': 'gzip' })
    const [upstream, provider] = await prepare(t, packed, never)
    const listening = listen(provider)
    await upstream.arrived()
    await listening.leave()
    t.ok(sockets[0]?.closed)
    await upstream.drained()
  })

  t.test(`${way} ends the wait between two tries`, async t => {
    const waiting = Promise.withResolvers<void>()
    const { setTimeout } = globalThis
    t.intercept(globalThis, 'setTimeout', {
      value: (run: () => void, ms: number) => {
        // The pause is half to all of a minute; the SDK's own limit is 25 days.
        if (ms >= 30_000 && ms <= 60_000) waiting.resolve()
        return setTimeout(run, ms)
      },
    })
    const [upstream, provider] = await prepare(t, reply(503, 'down'))
    const listening = listen(provider)
    await waiting.promise
    const left = performance.now()
    await listening.leave()
    t.ok(performance.now() - left < 500)
    t.equal(upstream.requests.length, 1)
  })

  t.test(`${way} after the end is harmless`, async t => {
    const [, provider] = await prepare(t, head(), chunks({ content: 'a' }), ({ response }) =>
      response.end(),
    )
    const listening = listen(provider)
    await listening.said
    await listening.leave()
    await listening.leave()
  })
}

t.test('an answer that is not listened to at the moment is aborted as well', async t => {
  const sockets = watchSockets(t)
  const [, provider] = await prepare(t, head(), chunks({ content: 'a' }), never)
  const controller = new AbortController()
  for await (const batch of provider.stream(question, controller.signal)) {
    t.equal(batch.length, 1)
    const closed = once(sockets[0]?.socket as Socket, 'close')
    controller.abort()
    await closed
  }
})

t.test(
  'an abort is obeyed at every turn between the head of the response and its body',
  async t => {
    const sockets = watchSockets(t)
    const upstream = await startUpstream(t)
    upstream.always(head(), never)
    const provider = provide(upstream.baseURL)
    for (let turns = 0; turns < 40; turns++) {
      const controller = new AbortController()
      const abort = async (): Promise<void> => {
        unsubscribe('http.client.response.finish', onResponse)
        for (let turn = 0; turn < turns; turn++) await Promise.resolve()
        controller.abort()
      }
      const onResponse = (): void => void abort()
      subscribe('http.client.response.finish', onResponse)
      for await (const batch of provider.stream(question, controller.signal))
        t.fail(`${batch.length}`)
    }
    t.equal(sockets.length, 40)
    t.ok(sockets.every(socket => socket.closed))
  },
)

t.test('an abort spares the other answers', async t => {
  const more = Promise.withResolvers<void>()
  const [upstream, provider] = await prepare(t, head(), chunks({ content: 'a' }), never)
  upstream.play(
    head(),
    chunks({ content: 'b' }),
    until(more.promise),
    chunks({ content: 'c' }),
    ({ response }) => response.end(),
  )
  const [aborted, kept] = ways.map(([, listen]) => listen(provider)) as [Listening, Listening]
  await Promise.all([aborted.said, kept.said])
  await aborted.leave()
  t.equal(upstream.requests.length, 2)
  await upstream.drained(1)
  more.resolve()
  await kept.leave()
})

t.test('no listener stays on a signal that lives on', async t => {
  const upstream = await startUpstream(t)
  const provider = provide(upstream.baseURL)
  const { signal } = new AbortController()
  process.once('warning', warning => t.fail(warning.message))
  for (let i = 0; i < 20; i++) {
    for await (const batch of provider.stream(question, signal)) t.ok(batch)
  }
  t.equal(upstream.requests.length, 20)
})
