/** Autobahn's groups 1 to 5: framing, pings, reserved bits, opcodes, fragments; and masking. */
import t from 'tap'
import { chop, fragments, frame, opcodes, ping, text } from '../support/frames.ts'
import { type Case, type Command, conform, refused } from './conform.ts'

const { more, binary, pong } = opcodes
const SIZES = [125, 126, 127, 128, 65_535, 65_536]

/** Bytes that are no text: a ping carries anything. */
const blob = Buffer.from([0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff])

const framing = (command: Command): Case[] => [
  ['1.1.1 text of nothing', [text('')], 'rejected, open'],
  ['1.1.1 text of one byte', [text('x')], 'rejected, open'],
  ...SIZES.map((size, i): Case => [`1.1.${i + 2}`, [text(command('1', size))], 'accepted 1, open']),
  ['1.1.8 in pieces', chop(text(command('1', 65_536)), 997), 'accepted 1, open'],
  ['1.1 in octets', chop(text(command('1', 128))), 'accepted 1, open'],
  ...[0, 1, ...SIZES].map((size, i): Case => [
    `1.2.${i + 1}`,
    [frame(binary, Buffer.alloc(size, 0xfe))],
    'close 1003, end',
  ]),
  ['1.2.8 in pieces', chop(frame(binary, Buffer.alloc(65_536)), 997), 'close 1003, end'],
  ['1 a longer head than it needs', [padded(command('1'))], 'accepted 1, open'],
]

/** A short payload behind a head of 64 bits, which RFC 6455 forbids and everybody reads. */
function padded(payload: Buffer): Buffer {
  const long = frame(opcodes.text, payload, { length: 70_000 })
  long.writeBigUInt64BE(BigInt(payload.length), 2)
  return long
}

const pings = (command: Command): Case[] => [
  ['2.1', [ping()], 'pong , open'],
  ['2.2', [ping('Hello, world!')], 'pong Hello, world!, open'],
  ['2.3', [ping(blob)], `pong ${blob.toString('latin1')}, open`],
  ['2.4', [ping('x'.repeat(125))], `pong ${'x'.repeat(125)}, open`],
  ['2.5', [ping('x'.repeat(126))], 'close 1002, end'],
  ['2.6', chop(ping('x'.repeat(125))), `pong ${'x'.repeat(125)}, open`],
  ['2.7', [frame(pong)], 'open'],
  ['2.8', [frame(pong, 'unsolicited')], 'open'],
  ['2.9', [frame(pong, 'unsolicited'), ping('2')], 'pong 2, open'],
  ['2.10', [Buffer.concat(ten(i => ping(i)))], `${ten(i => `pong ${i}`).join(', ')}, open`],
  ['2.11', chop(Buffer.concat(ten(i => ping(i)))), `${ten(i => `pong ${i}`).join(', ')}, open`],
  ['2 before a command', [ping('1'), text(command('2'))], 'pong 1, accepted 2, open'],
]
const ten = <T>(make: (i: string) => T): T[] => Array.from({ length: 10 }, (_, i) => make(`${i}`))

const reserved = (): Case[] =>
  [1, 2, 3, 4, 5, 6, 7].flatMap((rsv): Case[] => [
    [`3.${rsv} text`, [frame(1, refused('1'), { rsv })], 'close 1002, end'],
    [
      `3.${rsv} behind a command`,
      [text(refused('1')), frame(1, 'x', { rsv }), text(refused('2'))],
      'rejected 1, close 1002, end',
    ],
    [`3.${rsv} in octets`, chop(frame(binary, 'x', { rsv })), 'close 1002, end'],
    [`3.${rsv} ping`, [frame(opcodes.ping, 'x', { rsv })], 'close 1002, end'],
    [`3.${rsv} close`, [frame(opcodes.close, '', { rsv })], 'close 1002, end'],
  ])

const opcode = (): Case[] =>
  [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((code): Case[] => [
    [`4 opcode ${code}`, [frame(code)], 'close 1002, end'],
    [`4 opcode ${code} with a payload`, [frame(code, 'x')], 'close 1002, end'],
    [
      `4 opcode ${code} behind a command`,
      [text(refused('1')), frame(code, 'x'), ping('1')],
      'rejected 1, close 1002, end',
    ],
    [`4 opcode ${code} in octets`, chop(frame(code, 'x')), 'close 1002, end'],
  ])

function fragmentation(command: Command): Case[] {
  const whole = command('1')
  const [first, last] = fragments(whole.subarray(0, 20), whole.subarray(20))
  if (first === undefined || last === undefined) throw new Error('unreachable')
  const open = frame(opcodes.text, 'x', { fin: 0 })
  const stray = frame(more, 'x')
  const strayMore = frame(more, 'x', { fin: 0 })
  const taken = 'accepted 1, open'
  const broken = 'close 1002, end'
  return [
    ['5.1', [frame(opcodes.ping, 'x', { fin: 0 }), frame(more, 'y')], broken],
    ['5.2', [frame(pong, 'x', { fin: 0 }), frame(more, 'y')], broken],
    ['5 a close in fragments', [frame(opcodes.close, '', { fin: 0 })], broken],
    ['5.3', [first, last], taken],
    ['5.4', chop(Buffer.concat([first, last]), 9), taken],
    ['5.5', chop(Buffer.concat([first, last])), taken],
    ['5.6', [first, ping('p'), last], `pong p, ${taken}`],
    ['5.7', [Buffer.concat([first, ping('p'), last])], `pong p, ${taken}`],
    ['5.8', chop(Buffer.concat([first, ping('p'), last])), `pong p, ${taken}`],
    ['5.9', [stray, text(command('1'))], broken],
    ['5.10', [Buffer.concat([stray, text(command('1'))])], broken],
    ['5.11', chop(stray), broken],
    ['5.12', [strayMore, text(command('1'))], broken],
    ['5.13', [Buffer.concat([strayMore, text(command('1'))])], broken],
    ['5.14', chop(strayMore), broken],
    ['5.15', [text(refused('1')), strayMore, text(command('2'))], `rejected 1, ${broken}`],
    ['5.16', [strayMore, first, last], broken],
    ['5.17', [stray, first, last], broken],
    ['5.18', [open, text(command('1'))], broken],
    ['5.18 binary inside of text', [open, frame(binary, 'x')], broken],
    ['5.19', octets(whole, 5, ping('p')), `${'pong p, '.repeat(4)}${taken}`],
    ['5.20', chop(Buffer.concat(octets(whole, 5, ping('p')))), `${'pong p, '.repeat(4)}${taken}`],
    ['5 of one octet each', fragments(...chop(Buffer.from('{"id": "1"}'))), 'rejected 1, open'],
    ['5 empty ones between', fragments('', whole.subarray(0, 9), '', whole.subarray(9), ''), taken],
    ['5 all empty', fragments('', '', ''), 'rejected, open'],
    ['5 binary', [frame(binary, 'x', { fin: 0 }), frame(more, 'y')], 'close 1003, end'],
  ]
}

/** So many fragments with a control frame between each two. */
function octets(whole: Buffer, count: number, between: Buffer): Buffer[] {
  const pieces = fragments(...chop(whole, Math.ceil(whole.length / count)))
  return pieces.flatMap((piece, i) => (i === 0 ? [piece] : [between, piece]))
}

const masks = (command: Command): Case[] => [
  ...[0, 1, 0xffffffff, 0x12345678].map((mask): Case => [
    `mask ${mask}`,
    [frame(1, command('1'), { mask })],
    'accepted 1, open',
  ]),
  ['text without a mask', [frame(1, command('1'), { mask: 'none' })], 'close 1002, end'],
  ['ping without a mask', [frame(opcodes.ping, '', { mask: 'none' })], 'close 1002, end'],
  ['close without a mask', [frame(opcodes.close, '', { mask: 'none' })], 'close 1002, end'],
  [
    'only the second without a mask',
    [text(refused('1')), frame(1, command('2'), { mask: 'none' })],
    'rejected 1, close 1002, end',
  ],
]

t.test('1: frames of every length', t => conform(t, framing))
t.test('2: pings and pongs', t => conform(t, pings))
t.test('3: reserved bits', t => conform(t, reserved))
t.test('4: reserved opcodes', t => conform(t, opcode))
t.test('5: fragments', t => conform(t, fragmentation))
t.test('masking', t => conform(t, masks))
