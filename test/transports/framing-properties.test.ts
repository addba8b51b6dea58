/** Whatever events hold: what a client reads back is what was sent, on either transport. */
import { createParser } from 'eventsource-parser'
import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { decode, toLines } from '../../src/core/event.ts'
import { toEventStream } from '../../src/transports/answers.ts'
import { toFrames } from '../../src/transports/frames.ts'
import { plain } from '../../src/transports/plain.ts'
import { build } from '../support/app.ts'
import { readEventStream } from '../support/event-source.ts'
import { chop, readFrame } from '../support/frames.ts'
import { chunks, end, finish, head } from '../support/script.ts'
import { holds } from '../support/property.ts'
import { evil, fact, said } from '../support/strings.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { connect } from '../support/wire-websocket.ts'
import { rest, textOf } from '../support/wire.ts'

const GEN = `gen_${'x'.repeat(22)}`
const facts = fc.array(fact, { maxLength: 8 })

holds('an event is one line of JSON that says what happened', 200, () =>
  fc.property(facts, fc.nat(1000), (all, after) => {
    const lines = toLines(GEN, after, all)
    for (const [i, line] of lines.entries()) {
      const seq = after + i + 1
      assert.ok(Array.from(line.json).every(character => character >= ' '))
      assert.ok(line.json.startsWith(`{"generation":"${GEN}","seq":${seq},"type":"`))
      // A zero has no sign in JSON, nor does anybody ask for -0 degrees.
      const sent: unknown = JSON.parse(JSON.stringify({ ...all[i], generation: GEN, seq }))
      assert.deepEqual(decode(line), sent)
      assert.ok(line.json.isWellFormed(), 'UTF-8 can say it')
    }
  }),
)

/** As two parsers read it: ids, names and data. */
function heardBy(stream: Buffer, size: number): { parser: string[][]; browser: string[][] } {
  const parser: string[][] = []
  const { feed } = createParser({
    onEvent: ({ id = '', event = '', data }) => void parser.push([id, event, data]),
    onError: error => void parser.push(['error', error.message]),
  })
  const decoder = new TextDecoder()
  for (const piece of chop(stream, size)) feed(decoder.decode(piece, { stream: true }))
  const browser = readEventStream(stream).map(({ id, event, data }) => [id, event, data])
  return { parser, browser }
}

holds('an event stream is read back as it was written, however it is cut', 300, () =>
  fc.property(facts, fc.integer({ min: 1, max: 50 }), (all, size) => {
    const lines = toLines(GEN, 0, all)
    const stream = Buffer.from(`retry: 1\n\n${toEventStream(GEN, lines)}:\n\n`)
    const sent = lines.map(({ seq, json }) => [`${GEN}:${seq}`, '', json])
    const { parser, browser } = heardBy(stream, size)
    assert.deepEqual(parser, sent)
    assert.deepEqual(browser, sent)
  }),
)

holds('frames of WebSocket are read back as they were written', 200, () =>
  fc.property(fc.array(evil, { maxLength: 8 }), fc.nat(70_000), (texts, length) => {
    const all = [...texts, 'x'.repeat(length)]
    let left: Buffer = toFrames(all)
    for (const text of all) {
      const read = readFrame(left)
      assert.ok(read !== undefined)
      assert.equal(read.frame.opcode, 1)
      // What is no character becomes U+FFFD, and never bytes that are no UTF-8.
      assert.equal(read.frame.payload.toString(), text.toWellFormed())
      left = read.rest
    }
    assert.equal(left.length, 0)
  }),
)

holds('bare text is the text of the events and nothing else', 200, () =>
  fc.property(fc.array(said, { maxLength: 8 }), all => {
    const texts = all.map(fact => (fact.type === 'text' ? fact.text : ''))
    const { text, end } = plain(toLines(GEN, 0, [...all, { type: 'done', reason: 'complete' }]))
    assert.equal(text, texts.join(''))
    assert.equal(end?.type, 'done')
  }),
)

holds(
  'over real sockets both transports say the same bytes, and the text is whole',
  25,
  async t => {
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream })
    const line = await connect(t, app.url)
    return fc.asyncProperty(fc.array(evil, { minLength: 1, maxLength: 6 }), async texts => {
      upstream.play(head(), chunks(...texts.map(content => ({ content }))), finish(), end)
      const reader = await sseWire(app.url).start({ message: 'x' })
      const { generation } = reader
      const heard = await rest(reader)
      const again = await rest(await line.read({ type: 'attach', generation }))
      const raw = await fetch(`${app.url}/api/ai/chat/generations/${generation}/events`)
      const browser = readEventStream(new Uint8Array(await raw.arrayBuffer()))
      const jsons = heard.map(({ json }) => json)
      assert.deepEqual(
        again.map(({ json }) => json),
        jsons,
      )
      assert.deepEqual(
        browser.map(({ data }) => data),
        jsons,
      )
      assert.equal(textOf(heard), texts.join(''))
    })
  },
)
