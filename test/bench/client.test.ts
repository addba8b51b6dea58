/** The parts of the measuring client that read: clock, orders, tallies, frames, chunks. */
import t from 'tap'
import { createChunks } from '../../src/bench/client/chunked.ts'
import { createWalk, mask } from '../../src/bench/client/frames.ts'
import { createTally } from '../../src/bench/client/tally.ts'
import { TOKEN_CHARS, age, now, toToken } from '../../src/bench/clock.ts'
import { findOrder, toQuestion } from '../../src/bench/order.ts'

/** When the tokens come round to the first again: 64⁴ steps of 10 µs. */
const ROUND_MS = 64 ** 4 / 100

t.test('a token says how old it is', async t => {
  t.equal(toToken(1234.5).length, TOKEN_CHARS)
  t.equal(age(toToken(1234.5), 0, 1234.5), 0)
  t.equal(age(toToken(1234.5), 0, 1241.75), 7.25)
  t.equal(age(`ab${toToken(10)}`, 2, 12.5), 2.5)
  t.ok(age(toToken(now()), 0, now()) < 1000)
})

t.test('a token is as old after the clock of tokens came round', async t => {
  t.equal(age(toToken(ROUND_MS - 1), 0, ROUND_MS + 1), 2)
  t.equal(toToken(ROUND_MS), toToken(0))
})

t.test('an order is found in whatever a server makes of the question', async t => {
  const order = { id: 7, rate: 2.5, chunks: 100, padding: 3 }
  const body = JSON.stringify({ messages: [{ role: 'user', content: toQuestion(order) }] })
  t.same(findOrder(body), order)
  t.equal(findOrder('{"message":"hello"}'), undefined)
})

const event = (seq: number, rest: string): string =>
  `id: gen_a:${seq}\ndata: {"generation":"gen_a","seq":${seq},"type":${rest}}\n\n`

const answer = [
  event(1, '"started","model":"bench","params":{}'),
  event(2, '"text","text":"AAAA"'),
  event(3, '"text","text":"AAABAAAC"'),
  event(4, '"usage","input":1,"output":3,"estimated":false'),
  event(5, '"done","reason":"complete"'),
]

t.test('an answer is read the same wherever it is cut', async t => {
  const text = answer.join('')
  for (let cut = 0; cut <= text.length; cut++) {
    const tally = createTally()
    tally.feed(text.slice(0, cut), 1)
    tally.feed(text.slice(cut), 2)
    const { tokens, lost, seq, generation, ended } = tally
    if (tokens === 3 && lost === 0 && seq === 5 && generation === 'gen_a' && ended) continue
    t.fail(`cut at ${cut}: ${JSON.stringify({ tokens, lost, seq, generation, ended })}`)
  }
})

t.test('a hole, a double and an order that is not one are counted', async t => {
  const lostOf = (seqs: readonly number[], after = 0): number => {
    const tally = createTally({ after })
    for (const seq of seqs) tally.feed(answer[seq - 1] ?? '', 0)
    return tally.lost
  }
  t.equal(lostOf([1, 2, 3, 4, 5]), 0)
  t.equal(lostOf([3, 4, 5], 2), 0, 'resumed')
  t.equal(lostOf([1, 3, 4, 5]), 1, 'a hole')
  t.equal(lostOf([1, 2, 2, 3]), 1, 'a double')
  t.ok(lostOf([1, 3, 2, 4]) > 0, 'out of order')
})

t.test('the chunks of the upstream are read as they are, and as others write them', async t => {
  const tally = createTally()
  tally.feed('data: {"choices":[{"delta":{"content":"AAAA"},"finish_reason":null}]}\n\n', 0)
  tally.feed('data: {"choices":[{"delta":{}}]}\n\ndata: [DONE]\n\n', 0)
  t.equal(tally.tokens, 1)
  t.ok(tally.ended)
})

/** A frame of a server: no mask, a length in as few bytes as it takes. */
function frame(payload: Buffer, first = 0x81): Buffer {
  const { length } = payload
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  head[0] = first
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127
  if (head.length === 4) head.writeUInt16BE(length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, payload])
}

function walkOver(pieces: readonly Buffer[]): { text: string; pings: string[]; closed: string } {
  const heard = { text: '', pings: [] as string[], closed: '' }
  const walk = createWalk({
    text: piece => (heard.text += piece),
    compressed: piece => (heard.text += `<${piece.length}>`),
    ping: payload => heard.pings.push(payload.toString()),
    close: reason => (heard.closed = reason),
  })
  for (const piece of pieces) walk(piece)
  return heard
}

t.test('frames of every form of length are walked over', async t => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536]) {
    const bytes = Buffer.concat([frame(Buffer.alloc(length, 'a')), frame(Buffer.from('end'))])
    t.equal(walkOver([bytes]).text, `${'a'.repeat(length)}end`, String(length))
  }
})

t.test('frames are walked over wherever they are cut', async t => {
  const close = Buffer.concat([Buffer.from([0x03, 0xe9]), Buffer.from('bye')])
  const bytes = Buffer.concat([
    frame(Buffer.alloc(0)),
    frame(Buffer.from('one')),
    frame(Buffer.from('beat'), 0x89),
    frame(Buffer.alloc(130, 'b')),
    frame(close, 0x88),
  ])
  const whole = { text: `one${'b'.repeat(130)}`, pings: ['beat'], closed: '1001 bye' }
  for (let cut = 0; cut <= bytes.length; cut++) {
    t.same(walkOver([bytes.subarray(0, cut), bytes.subarray(cut)]), whole)
  }
  t.same(walkOver([...bytes].map(byte => Buffer.from([byte]))), whole)
})

t.test('what a client sends is masked, with a mask that changes nothing', async t => {
  t.same([...mask(0x1, Buffer.from('hi'))], [0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])
  t.same([...mask(0x1, Buffer.alloc(300)).subarray(0, 4)], [0x81, 0xfe, 1, 44])
})

t.test('a chunked body is read wherever it is cut', async t => {
  const text = '5\r\nhello\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n'
  for (let cut = 0; cut <= text.length; cut++) {
    let body = ''
    let ends = 0
    const walk = createChunks({ text: piece => (body += piece), end: () => ends++ })
    walk(text.slice(0, cut))
    walk(text.slice(cut))
    t.same([body, ends], ['helloabcdefghijklmnopqrstuvwxyz', 1])
  }
})
