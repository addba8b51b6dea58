/** What a model says in bytes or halves that are no characters: clients get valid UTF-8, all of them. */
import t, { type Test } from 'tap'
import { build } from '../support/app.ts'
import { opcodes, text } from '../support/frames.ts'
import { openRaw } from '../support/raw-websocket.ts'
import { chunks, end, finish, head, write } from '../support/script.ts'
import type { Step } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { rest, textOf } from '../support/wire.ts'
import { storeOf } from './scene.ts'

/** The JSON of a chunk whose content holds these bytes. */
const raw = (...bytes: number[]): Buffer =>
  Buffer.concat([
    Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"a'),
    Buffer.from(bytes),
    Buffer.from('b"}}]}\n\n'),
  ])
const halves = chunks({ content: 'a\ud83d' }, { content: '\ude00b' })
const answers: readonly [name: string, step: Step, heard: string | RegExp, bare?: string][] = [
  ['an emoji in two halves', halves, 'a😀b'],
  [
    'in two JSON escapes',
    write('data: {"choices":[{"delta":{"content":"\\ud83d\\ude00"}}]}\n\n'),
    '😀',
  ],
  ['a half alone', chunks({ content: 'a\ud83db' }), 'a\ud83db', 'a\ufffdb'],
  ['the other one', chunks({ content: 'a\ude00b' }), 'a\ude00b', 'a\ufffdb'],
  ['no UTF-8', write(raw(0xff)), 'a\ufffdb'],
  ['a surrogate as bytes', write(raw(0xed, 0xa0, 0x80)), /^a\ufffd+b$/],
  ['overlong', write(raw(0xc0, 0xaf)), /^a\ufffd+b$/],
  ['a character that is cut', write(raw(0xf0, 0x9f, 0x98)), /^a\ufffdb$/],
  [
    'bytes of one, write by write',
    write(...Array.from(raw(0xf0, 0x9f, 0x98, 0x80), b => Buffer.of(b))),
    'a😀b',
  ],
]

/** The text frames of an answer from its beginning; `format` asks for bare text. */
async function frames(t: Test, url: string, said: object, path?: string): Promise<Buffer[]> {
  const line = await openRaw(t, url, { ...(path !== undefined && { path }) })
  await line.send(text(JSON.stringify(said)))
  const heard: Buffer[] = []
  for (;;) {
    const frame = await line.next()
    if (frame?.opcode !== opcodes.text) return heard
    heard.push(frame.payload)
    if (/"type":"(done|failed)"/.test(frame.payload.toString())) return heard
    if (path !== undefined && frame.payload.toString().endsWith('.')) return heard
  }
}

const isUtf8 = (bytes: Buffer): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

for (const store of ['memory', 'sqlite'] as const) {
  t.test(`every client gets UTF-8, live and from ${store}`, async t => {
    const upstream = await startUpstream(t)
    const app = await build(t, { upstream, env: { STORE: storeOf(t, store) } })
    const api = `${app.url}/api/ai/chat`
    for (const [name, step, expected, bare] of answers) {
      upstream.always(head(), step, chunks({ content: '.' }), finish(), end)
      const reader = await sseWire(app.url).start({ message: 'x' })
      const said = textOf(await rest(reader)).slice(0, -1)
      t.match(said, expected, name)
      if (typeof expected === 'string') t.equal(said, expected, name)
      const attach = { id: '1', type: 'attach', generation: reader.generation }
      const replayed = await frames(t, app.url, attach)
      t.ok(replayed.length > 3 && replayed.every(isUtf8), `${name}: frames`)
      const events = replayed.slice(1).map(json => JSON.parse(json.toString()) as { text?: string })
      t.equal(events.map(({ text = '' }) => text).join(''), `${said}.`, `${name}: replayed`)
      const place = '/api/ai/chat/websocket?format=text'
      const live = Buffer.concat(await frames(t, app.url, { message: 'x' }, place))
      t.equal(live.toString(), `${bare ?? said}.`, `${name}: bare`)
      t.ok(isUtf8(live))
      for (const path of ['', '/events']) {
        const response = await fetch(`${api}/generations/${reader.generation}${path}`)
        t.ok(isUtf8(Buffer.from(await response.arrayBuffer())), `${name}: HTTP`)
      }
    }
  })
}
