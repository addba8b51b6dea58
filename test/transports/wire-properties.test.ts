/** Whatever is sent as a start or a command: one answer, of the table, and what is right is done. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Test } from 'tap'
import WebSocket from 'ws'
import { codes } from '../../src/core/errors.ts'
import type { StartBody } from '../../src/transports/wire.ts'
import { build } from '../support/app.ts'
import { holds } from '../support/property.ts'
import { evil } from '../support/strings.ts'
import { type Upstream, startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { websocketWire } from '../support/wire-websocket.ts'
import { type Wire, rest } from '../support/wire.ts'

/** More starts than a minute of ordinary use. */
const env = { RATE_LIMIT_PER_MINUTE: '1000000' }

async function scene(t: Test) {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env })
  const wires: Wire[] = [sseWire(app.url), websocketWire(t, app.url)]
  const reader = await sseWire(app.url).start({ message: 'x' })
  await rest(reader)
  return { upstream, app, wires, ended: reader.generation }
}

const filled = fc.oneof(evil, fc.string({ minLength: 1 })).filter(text => /\S/.test(text))
const params = fc.record(
  {
    temperature: fc.double({ min: 0, max: 2, noNaN: true }).map(Math.abs),
    top_p: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
    max_tokens: fc.integer({ min: 1, max: 1_000_000 }),
    presence_penalty: fc.double({ min: -2, max: 2, noNaN: true }).map(value => value + 0),
    seed: fc.maxSafeNat(),
    stop: fc.array(fc.string({ minLength: 1, maxLength: 64 }), { minLength: 1, maxLength: 4 }),
    system: filled,
  },
  { requiredKeys: [] },
)
const message = (...roles: string[]) =>
  fc.record({ role: fc.constantFrom(...roles), content: filled })
/** A question comes first, or what is before it is an answer to nothing; and one comes last. */
const messages = fc
  .tuple(
    fc.array(message('system'), { maxLength: 1 }),
    message('user'),
    fc.array(message('system', 'user', 'assistant'), { maxLength: 4 }),
    message('user'),
  )
  .map(parts => parts.flat())
/** Each of these is right. */
const start: fc.Arbitrary<StartBody> = fc
  .tuple(
    fc.oneof(fc.record({ message: filled }), fc.record({ messages })),
    fc.record(
      {
        model: fc.constant('fake'),
        modelType: fc.constant('fake'),
        params,
        onDisconnect: fc.constantFrom('continue', 'stop'),
      },
      { requiredKeys: [] },
    ),
  )
  .map(parts => Object.assign({}, ...parts) as StartBody)

/** What the model must have been asked, of all that was said in a start. */
function asked({ message, messages, params: { system, ...settings } = {} }: StartBody): object {
  const context = messages ?? [{ role: 'user', content: message }]
  const first = system === undefined ? [] : [{ role: 'system', content: system }]
  return { messages: [...first, ...context], ...settings }
}

/** The settings and messages of what the model was asked last. */
function last({ requests }: Upstream): object {
  const body = (requests.at(-1)?.json ?? {}) as Record<string, unknown>
  const { model: _, stream: __, stream_options: ___, ...asked } = body
  return asked
}

holds(
  'a start that is right reaches the model as it was sent, by either transport',
  40,
  async t => {
    const { upstream, wires } = await scene(t)
    return fc.asyncProperty(start, async body => {
      for (const wire of wires) {
        const { idempotencyKey: _, ...fresh } = body
        const heard = await rest(await wire.start(wire.name === 'sse' ? body : fresh))
        assert.equal(heard.at(-1)?.event.type, 'done')
        assert.deepEqual(last(upstream), JSON.parse(JSON.stringify(asked(body))))
      }
    })
  },
)

/** Fields of a command: right ones, and some that are not. */
const command = (ended: string): fc.Arbitrary<object> =>
  fc.record(
    {
      id: fc.oneof(fc.string({ maxLength: 130 }), fc.jsonValue(), evil),
      type: fc.oneof(
        fc.constantFrom('attach', 'detach', 'stop', 'update', 'start', 'Start', 'toString'),
        fc.jsonValue(),
      ),
      generation: fc.oneof(fc.constantFrom(ended, `gen_${'x'.repeat(22)}`), evil, fc.jsonValue()),
      after: fc.oneof(fc.nat(9), fc.integer(), fc.double(), fc.jsonValue()),
      model: fc.oneof(fc.constantFrom('fake', 'nobody'), evil, fc.jsonValue()),
      params: fc.oneof(params, fc.jsonValue()),
      mode: fc.oneof(fc.constantFrom('continue', 'restart'), fc.jsonValue()),
      messages: fc.oneof(messages, fc.jsonValue()),
    },
    { requiredKeys: [] },
  )

interface Reply {
  readonly id: unknown
  readonly type: string
  readonly code?: string
  readonly message?: string
}

/** Send all of them on a socket of their own; the replies, as many as there are frames. */
async function exchange(url: string, frames: readonly string[]): Promise<Reply[]> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/ai/chat/websocket`)
  const replies: Reply[] = []
  const { promise, resolve, reject } = Promise.withResolvers<Reply[]>()
  socket.on('open', () => {
    for (const frame of frames) socket.send(frame)
  })
  socket.on('message', data => {
    const said = JSON.parse(String(data)) as Reply
    if ('id' in said) replies.push(said)
    if (replies.length === frames.length) resolve(replies)
  })
  socket.on('close', code => reject(new Error(`closed with ${code}`)))
  return promise.finally(() => socket.terminate())
}

/** A fault of the client's, told in a sentence or two. */
function check({ type, code, message }: Reply): void {
  if (type === 'accepted') return
  assert.equal(type, 'rejected')
  assert.ok(codes.includes(code as (typeof codes)[number]))
  assert.notEqual(code, 'internal')
  assert.match(message ?? '', /^\S.*\.$/s)
}

const MOST = 100
holds('a frame of any kind gets one reply, with its id where it has one', 30, async t => {
  const { app, ended } = await scene(t)
  const frame = fc.oneof(
    evil,
    fc.json(),
    command(ended).map(said => JSON.stringify(said)),
    command(ended).map(said => JSON.stringify(said)),
  )
  return fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: MOST }), async frames => {
    const replies = await exchange(app.url, frames)
    replies.forEach(check)
    const ids = frames.map(idOf).sort()
    assert.deepEqual(replies.map(({ id }) => String(id)).sort(), ids)
  })
})

/** Of a frame, as the reply must have it. */
function idOf(frame: string): string {
  try {
    const said = JSON.parse(frame.toWellFormed()) as { id?: unknown } | null
    const id = typeof said === 'object' && !Array.isArray(said) ? said?.id : undefined
    const forbidden = /"(__proto__|constructor|prototype)":/.test(JSON.stringify(said))
    return typeof id === 'string' && !forbidden ? id.slice(0, 128) : 'null'
  } catch {
    return 'null'
  }
}

holds('a body of any kind gets an answer of the table, never 500', 150, async t => {
  const { app } = await scene(t)
  const body = fc.oneof(
    fc.json(),
    evil,
    fc
      .record({ message: fc.jsonValue(), params: fc.jsonValue() })
      .map(said => JSON.stringify(said)),
    fc.record({ messages: fc.jsonValue(), model: evil }).map(said => JSON.stringify(said)),
  )
  return fc.asyncProperty(body, async body => {
    const headers = { 'content-type': 'application/json' }
    const url = `${app.url}/api/ai/chat/generations`
    const response = await fetch(url, { method: 'POST', headers, body })
    const said = (await response.json()) as { error?: Reply; id?: string }
    if (response.status === 201) return assert.ok(said.id)
    assert.ok([400, 404, 413].includes(response.status), `${response.status}`)
    check({ ...(said.error as Reply), type: 'rejected' })
  })
})
