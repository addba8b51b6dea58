/**
 * Autobahn's groups 9 and 10, sizes and fragments, up to our limits and past them; and 12 and 13,
 * compression, which is not offered. With a limit on fragments of a message, 9.3 and 9.4 (4 MiB in
 * pieces from 64 bytes on) are refused, as is each message of more than MAX_BODY_BYTES.
 */
import t from 'tap'
import { build } from '../support/app.ts'
import { chop, fragments, frame, opcodes, text } from '../support/frames.ts'
import { openRaw } from '../support/raw-websocket.ts'
import { type Case, type Command, conform, refused } from './conform.ts'

/** The default of MAX_BODY_BYTES. */
const MOST = 262_144
/** As many as one message may have. */
const FRAGMENTS = 64
const KIB = 1024

const sizes = (command: Command): Case[] => [
  ...[64 * KIB, MOST].map((size): Case => [
    `9.1 ${size} bytes`,
    [text(command('1', size))],
    'accepted 1, open',
  ]),
  ...[64 * KIB, MOST].map((size): Case => [
    `9.2 ${size} bytes`,
    [frame(opcodes.binary, Buffer.alloc(size))],
    'close 1003, end',
  ]),
  ...[64, 128, 256, 512, KIB, 2 * KIB].map((size): Case => [
    `9.5 in pieces of ${size}`,
    chop(text(command('1', 64 * KIB)), size),
    'accepted 1, open',
  ]),
  ['9.1 one byte too many', [text(command('1', MOST + 1))], 'close 1009, end'],
  ['9.3 too many in two fragments', fragments(command('1', MOST), 'x'), 'close 1009, end'],
]

/** A frame is refused by its head: what it announces is never waited for. */
const heads: Case[] = [
  ...[opcodes.text, opcodes.binary].flatMap(opcode =>
    [MOST + 1, 2 ** 20, 2 ** 24, 2 ** 31, 2 ** 32, 2 ** 53, 2n ** 63n, 2n ** 64n - 1n].map(
      (length): Case => [
        `9 a head of ${length}`,
        [frame(opcode, '', { length })],
        'close 1009, end',
      ],
    ),
  ),
  [
    '9 a head of the second fragment',
    [frame(opcodes.text, 'x', { fin: 0 }), frame(opcodes.more, '', { length: MOST })],
    'close 1009, end',
  ],
]

const many = (command: Command): Case[] => {
  const pieces = (count: number, size: number): Buffer[] =>
    fragments(...chop(command('1', size), Math.ceil(size / count)))
  return [
    ['10.1.1', fragments(...chop(command('1', 65_536), 1300)), 'accepted 1, open'],
    ['9.3 the most fragments', pieces(FRAGMENTS, 65_536), 'accepted 1, open'],
    [
      'the most of them, message by message',
      [...pieces(FRAGMENTS, 6400), text(refused('2')), ...pieces(FRAGMENTS, 6400)],
      'rejected 2, accepted 1, accepted 1, open',
    ],
    ['one more', [Buffer.concat(pieces(FRAGMENTS + 1, 65_000))], 'close 1008, end'],
    ['empty ones', [Buffer.concat(Array.from({ length: 100_000 }, empty))], 'close 1008, end'],
  ]
}
const empty = (_: unknown, i: number): Buffer =>
  frame(i === 0 ? opcodes.text : opcodes.more, '', { fin: 0 })

const messages = (): Case[] =>
  [0, 16, 64, 256, KIB, 4 * KIB, 16 * KIB].map(size => [
    `9.7 150 of ${size} bytes`,
    Array.from({ length: 150 }, (_, i) => text(refused(`${i}`).padEnd(size))),
    `${Array.from({ length: 150 }, (_, i) => `rejected ${i}`).join(', ')}, open`,
  ])

t.test('9.1, 9.2, 9.5: messages of every size', t => conform(t, sizes))
t.test('9: the head alone tells that a frame is too large', t => conform(t, () => heads))
t.test('9.3, 10: fragments, and too many of them', t => conform(t, many))
t.test('9.7: many messages', t => conform(t, messages))

t.test('12, 13: compression is not taken, and not needed', async t => {
  const app = await build(t)
  for (const offer of [
    'permessage-deflate',
    'permessage-deflate; client_max_window_bits=8; server_no_context_takeover',
    'permessage-deflate; =broken,,;',
    'x-webkit-deflate-frame, permessage-bzip2',
  ]) {
    const line = await openRaw(t, app.url, { headers: [`Sec-WebSocket-Extensions: ${offer}`] })
    t.notMatch(line.head, /extensions/i, offer)
    await line.send(frame(opcodes.text, Buffer.from('cb48cdc9c90700', 'hex'), { rsv: 4 }))
    const closed = await line.next()
    t.equal(closed?.payload.readUInt16BE(), 1002, 'a compressed frame')
  }
})
