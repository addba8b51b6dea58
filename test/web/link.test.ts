import t, { type Test } from 'tap'
import { type Item, type LinkOptions, openLink } from '../../web/link/link.ts'
import { answerOf, generation, openLogServer, pour } from './log-server.ts'

const quick: LinkOptions = { pace: { baseMs: 1, capMs: 5, patienceMs: 5000 } }

/** A server with a log, and a link to it that ends with the test. */
async function pair(t: Test, transport: 'sse' | 'websocket', options: LinkOptions = {}) {
  const server = await openLogServer()
  server.log.push(...answerOf(8))
  const end = new AbortController()
  t.teardown(async () => {
    end.abort()
    await server.close()
  })
  const link = openLink(transport, { ...quick, base: server.url, signal: end.signal, ...options })
  return { server, link }
}

async function all(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = []
  for await (const batch of batches) items.push(...batch)
  return items
}

const seqs = (items: readonly Item[]): number[] => items.map(item => item.seq)
const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1)

for (const transport of ['sse', 'websocket'] as const) {
  void t.test(transport, async t => {
    await t.test('a start streams its answer to the end', async t => {
      const { server, link } = await pair(t, transport)
      const id = await link.start({ message: 'hello' })
      t.equal(id, generation)
      t.strictSame(await all(link.events(id, 0)), server.log)
      t.equal(server.commands.length, 1, 'without a second request')
    })

    await t.test('reads on after any seq', async t => {
      const { server, link } = await pair(t, transport)
      for (let after = 0; after < server.log.length; after++)
        t.strictSame(await all(link.events(generation, after)), server.log.slice(after))
    })

    await t.test('a connection cut after every event loses and repeats nothing', async t => {
      const { server, link } = await pair(t, transport)
      server.onAttach = wire => {
        const next = server.log[wire.after]
        if (next) wire.send(next)
        if (wire.after + 1 < server.log.length) wire.cut()
      }
      t.strictSame(await all(link.events(generation, 0)), server.log)
    })

    await t.test('a connection cut before every event is tried again', async t => {
      const { server, link } = await pair(t, transport)
      let cuts = 5
      server.onAttach = wire => (cuts-- > 0 ? wire.cut() : pour(server, wire))
      t.strictSame(await all(link.events(generation, 0)), server.log)
    })

    await t.test('a hole in the events is filled by reading again', async t => {
      const { server, link } = await pair(t, transport)
      let holes = 1
      server.onAttach = wire => {
        if (holes-- > 0) for (const seq of [1, 2, 5, 6]) wire.send(server.log[seq - 1] ?? {})
        else pour(server, wire)
      }
      t.strictSame(seqs(await all(link.events(generation, 0))), upTo(10))
    })

    await t.test('a repeated event is passed over', async t => {
      const { server, link } = await pair(t, transport)
      server.onAttach = wire => {
        for (const seq of [1, 2, 2, 1, 3]) wire.send(server.log[seq - 1] ?? {})
        for (const event of server.log.slice(1)) wire.send(event)
      }
      t.strictSame(seqs(await all(link.events(generation, 0))), upTo(10))
    })

    await t.test('a cursor ahead of the log is a reset and the log from its start', async t => {
      const { server, link } = await pair(t, transport)
      const [first, ...rest] = await all(link.events(generation, 99))
      t.strictSame(first, { type: 'reset', generation, seq: 0 })
      t.strictSame(rest, server.log)
    })

    await t.test('a start whose answer got lost is repeated under one key', async t => {
      const { server, link } = await pair(t, transport)
      server.lostStarts = 3
      t.strictSame(await all(link.events(await link.start({ message: 'x' }), 0)), server.log)
      t.equal(server.starts.size, 1)
    })

    await t.test('a key of the caller is kept', async t => {
      const { server, link } = await pair(t, transport)
      await link.start({ message: 'x', idempotencyKey: 'mine' })
      t.strictSame([...server.starts], ['mine'])
    })

    await t.test('a refusal ends it with its code', async t => {
      const { server, link } = await pair(t, transport)
      server.refusals.push({ status: 404, code: 'not_found' })
      await t.rejects(all(link.events(generation, 0)), { name: 'LinkError', code: 'not_found' })
      server.refusals.push({ status: 400, code: 'invalid_request' })
      await t.rejects(link.start({ message: 'x' }), { code: 'invalid_request' })
      server.refusals.push({ status: 409, code: 'conflict' })
      await t.rejects(link.update(generation, { mode: 'restart' }), { code: 'conflict' })
    })

    await t.test('an overloaded server is asked again when it said', async t => {
      const { server, link } = await pair(t, transport)
      server.refusals.push({ status: 503, code: 'overloaded', retryAfter: 0.01 })
      t.strictSame(seqs(await all(link.events(generation, 0))), upTo(10))
      server.refusals.push({ status: 429, code: 'rate_limited', retryAfter: 60 })
      await t.rejects(link.start({ message: 'x' }), { code: 'rate_limited', retryAfter: 60 })
    })

    await t.test('stop and update are asked once and answered', async t => {
      const { server, link } = await pair(t, transport)
      await link.stop(generation)
      await link.update(generation, { params: { temperature: 1 } })
      t.strictSame(server.commands, ['stop', 'update'])
    })

    await t.test('a silent connection is replaced by another', async t => {
      const { server, link } = await pair(t, transport, { heartbeatMs: 40 })
      let silent = 1
      server.onAttach = wire => {
        server.mute = silent-- > 0
        if (!server.mute) pour(server, wire)
      }
      t.strictSame(seqs(await all(link.events(generation, 0))), upTo(10))
    })

    await t.test('a loop ends when its signal aborts, and others go on', async t => {
      const { server, link } = await pair(t, transport)
      server.onAttach = wire => wire.send(server.log[wire.after] ?? {})
      const leave = new AbortController()
      for await (const batch of link.events(generation, 0, leave.signal)) {
        t.strictSame(seqs(batch), [1])
        leave.abort()
      }
      for await (const batch of link.events(generation, 1)) {
        t.strictSame(seqs(batch), [2])
        break
      }
    })

    await t.test('a start that has to wait says why and how long', async t => {
      const waits: unknown[] = []
      const { server, link } = await pair(t, transport, {
        pace: { baseMs: 0, patienceMs: 5000 },
        onState: (...told) => void waits.push(told),
      })
      server.refusals.push({ status: 503, code: 'overloaded', retryAfter: 0.02 })
      await link.start({ message: 'hello' })
      t.strictSame(waits, [['connected', undefined, { code: 'overloaded', ms: 20 }]])
    })

    await t.test('nobody to reach is said after a while', async t => {
      const states: string[] = []
      const { server, link } = await pair(t, transport, {
        pace: { baseMs: 1, capMs: 2, patienceMs: 100 },
        onState: state => void states.push(state),
      })
      await server.close()
      await t.rejects(link.start({ message: 'x' }), { code: 'unreachable' })
      const leave = new AbortController()
      const reading = openLink(transport, {
        ...quick,
        base: server.url,
        onState: state => state === 'offline' && leave.abort(),
      }).events(generation, 0, leave.signal)
      t.strictSame(await all(reading), [])
    })
  })
}

void t.test('WebSocket close codes', async t => {
  for (const [code, name] of Object.entries({
    1008: 'forbidden',
    1009: 'too_large',
    4401: 'unauthorized',
  })) {
    await t.test(`${code} is not tried again`, async t => {
      const { server, link } = await pair(t, 'websocket')
      server.onAttach = wire => wire.close(Number(code))
      await t.rejects(all(link.events(generation, 0)), { code: name })
    })
  }
  for (const code of [1000, 1001, 1011, 1013, 4408, 4429]) {
    await t.test(`${code} is tried again where reading stopped`, async t => {
      const { server, link } = await pair(t, 'websocket')
      server.onAttach = wire => {
        if (wire.after > 0) return pour(server, wire)
        for (const event of server.log.slice(0, 4)) wire.send(event)
        wire.close(code)
      }
      t.strictSame(await all(link.events(generation, 0)), server.log)
    })
  }
})

void t.test('a WebSocket on which only the model is silent is kept', async t => {
  const states: string[] = []
  const onState = (state: string): void => void states.push(state)
  const { server, link } = await pair(t, 'websocket', { heartbeatMs: 150, onState })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.onPing = resolve
  server.onAttach = wire => void promise.then(() => pour(server, wire))
  t.strictSame(seqs(await all(link.events(generation, 0))), upTo(10))
  t.strictSame(states, ['connected'])
})
