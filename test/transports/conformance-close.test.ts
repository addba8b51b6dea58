/** Autobahn's group 7: how a socket is closed, by its client's will or because of what it sent. */
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { build } from '../support/app.ts'
import { chop, close, frame, opcodes, ping, text } from '../support/frames.ts'
import { openRaw } from '../support/raw-websocket.ts'
import { inTwo } from '../support/script.ts'
import { startUpstream } from '../support/upstream.ts'
import { type Case, type Command, conform, refused } from './conform.ts'

const ended = 'close 1000, end'

const order = (command: Command): Case[] => [
  ['7.1.1', [text(refused('1')), close(1000)], `rejected 1, ${ended}`],
  ['7.1.2 twice', [close(1000), close(1001)], ended],
  ['7.1.2 twice at once', [Buffer.concat([close(1000), close(1001)])], ended],
  ['7.1.3 a ping behind it', [close(1000), ping('p')], ended],
  ['7.1.3 in one segment', [Buffer.concat([close(1000), ping('p')])], ended],
  ['7.1.4 a command behind it', [close(1000), text(refused('1'))], ended],
  ['7.1.4 in one segment', [Buffer.concat([close(1000), text(refused('1'))])], ended],
  [
    '7.1.5 inside of a message',
    [frame(opcodes.text, 'x', { fin: 0 }), close(1000), frame(opcodes.more, 'y')],
    ended,
  ],
  [
    '7.1.6 behind a large message',
    [text(refused('1').padEnd(262_144)), close(1000), ping('p')],
    `rejected 1, ${ended}`,
  ],
  ['7 garbage behind it', [close(1000), Buffer.alloc(1000, 0xff)], ended],
  ['7 before anything', [close(1000)], ended],
  [
    '7 a fault behind the own close',
    [frame(opcodes.binary), text(command('1'))],
    'close 1003, end',
  ],
  ['7 a fault behind a fault', [frame(3), frame(4), close(1000)], 'close 1002, end'],
]

const payloads: Case[] = [
  ['7.3.1 empty', [close()], 'close, end'],
  ['7.3.2 one byte', [frame(opcodes.close, 'x')], 'close 1002, end'],
  ['7.3.3 a code', [close(1000)], ended],
  ['7.3.4 a reason', [close(1000, 'Hello World!')], ended],
  ['7.3.5 the longest reason', [close(1000, 'x'.repeat(123))], ended],
  ['7.3.6 a longer one', [close(1000, 'x'.repeat(124))], 'close 1002, end'],
  ['7.3 announced as 64 KiB', [frame(opcodes.close, '', { length: 65_535 })], 'close 1002, end'],
  ['7.5.1 no UTF-8', [close(1000, Buffer.from('cebae1bdb9eda080', 'hex'))], 'close 1007, end'],
  ['7.5 half a character', [close(1000, Buffer.from('c3', 'hex'))], 'close 1007, end'],
  ['7.5 UTF-8', [close(1000, 'κόσμε 😀')], ended],
  ['7.3 in octets', chop(close(1000, 'bye')), ended],
  ['7.3 in fragments', [frame(opcodes.close, '', { fin: 0 })], 'close 1002, end'],
]

const good = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]
const own = [3000, 3999, 4000, 4999]
const bad = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]

const codes: Case[] = [
  ...[...good, ...own].map((code): Case => [`7.7 ${code}`, [close(code)], `close ${code}, end`]),
  ...bad.map((code): Case => [`7.9, 7.13 ${code}`, [close(code)], 'close 1002, end']),
]

t.test('7.1: nothing follows a close', t => conform(t, order))
t.test('7.3, 7.5: what a close frame may hold', t => conform(t, () => payloads))
t.test('7.7, 7.9, 7.13: codes', t => conform(t, () => codes))

t.test('nor do the events of an answer that goes on', async t => {
  const upstream = await startUpstream(t)
  const { steps, goOn } = inTwo()
  upstream.play(...steps)
  const { url, chat } = await build(t, { upstream })
  const line = await openRaw(t, url)
  await line.send(text('{"id":"1","type":"start","message":"x"}'))
  let heard = ''
  while (!heard.includes('"one "')) heard = String((await line.next())?.payload)
  await line.send(frame(opcodes.binary))
  t.equal((await line.next())?.opcode, opcodes.close)
  goOn()
  while (chat.live > 0) await turn()
  await line.send(close(1003))
  t.equal(await line.next(), undefined)
})
