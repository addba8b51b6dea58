/**
 * Autobahn's group 6: what is UTF-8 comes back as it was, what is not closes with 1007; whole, in
 * fragments of one octet, and octet by octet. A message is looked at when it has ended, not before:
 * that is as RFC 6455 has it, and what never ends is bounded by its size and fragments.
 */
import t from 'tap'
import { chop, fragments, frame, opcodes, ping, text } from '../support/frames.ts'
import { type Case, type Command, conform } from './conform.ts'

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')

/** A command with those bytes as its id. */
const around = (id: Buffer): Buffer =>
  Buffer.concat([Buffer.from('{"id":"'), id, Buffer.from('"}')])

const KOSME = hex('ce ba e1 bd b9 cf 83 ce bc ce b5')

const valid: readonly [group: string, ...bytes: string[]][] = [
  ['6.2 text', Buffer.from('Hello-µ@ßöäüàá-UTF-8!!').toString('hex'), KOSME.toString('hex')],
  ['6.5 at the end', `48656c6c6f20${KOSME.toString('hex')}`, 'f0 9f 91 a9 e2 80 8d f0 9f 9a 80'],
  ['6.7 first of a length', '7f', 'c2 80', 'e0 a0 80', 'f0 90 80 80'],
  ['6.9 last of a length', 'df bf', 'ef bf bf', 'f4 8f bf bf'],
  ['6.11 boundaries', 'ed 9f bf', 'ee 80 80', 'ef bf bd', 'f0 90 80 80', 'f4 8f bf bf'],
  ['6.22 noncharacters', 'ef bf be', 'ef bf bf', 'ef b7 90', 'f0 9f bf be', 'f3 bf bf bf'],
  ['6.22 noncharacters', 'f0 af bf bf', 'f1 8f bf be', 'f2 9f bf bf', 'f4 8f bf be'],
  ['6.23 specials', 'ef bf b9', 'ef bf ba', 'ef bf bb', 'ef bf bc', 'ef bb bf', 'e2 80 a8'],
]

const invalid: readonly [group: string, ...bytes: string[]][] = [
  ['6.3 a surrogate inside', `${KOSME.toString('hex')} ed a0 80 65 64 69 74 65 64`],
  ['6.8 five and six bytes', 'f8 88 80 80 80', 'fc 84 80 80 80 80'],
  ['6.10 beyond U+10FFFF', 'f4 90 80 80', 'f7 bf bf bf', 'fb bf bf bf bf', 'fd bf bf bf bf bf'],
  ['6.12 stray continuations', '80', 'bf', '80 bf', '80 bf 80', '80 bf 80 bf 80 bf 80 bf'],
  ['6.13 lonely beginnings', 'c2 20', 'df 20 c3 20', 'e0 20 ef 20', 'f0 20 f4 20', 'f8 20 fc 20'],
  ['6.14 the last byte missing', 'c2', 'df', 'e0 80', 'e1 80', 'ef bf', 'f0 90 80', 'f4 8f bf'],
  ['6.15 several of those', 'c2 e1 80 f0 90 80', 'df ef bf f4 8f bf'],
  ['6.16 impossible', 'fe', 'ff', 'fe fe ff ff', 'c0', 'c1', 'f5 80 80 80'],
  ['6.17 overlong /', 'c0 af', 'e0 80 af', 'f0 80 80 af', 'f8 80 80 80 af', 'fc 80 80 80 80 af'],
  ['6.18 longest overlong', 'c1 bf', 'e0 9f bf', 'f0 8f bf bf', 'f8 87 bf bf bf'],
  ['6.19 overlong NUL', 'c0 80', 'e0 80 80', 'f0 80 80 80', 'f8 80 80 80 80'],
  ['6.20 surrogates', 'ed a0 80', 'ed ad bf', 'ed ae 80', 'ed af bf', 'ed b0 80', 'ed be 80'],
  ['6.21 pairs of them', 'ed a0 80 ed b0 80', 'ed ad bf ed bf bf', 'ed af bf ed b0 80'],
]

/** A message in three ways. */
const ways = (message: Buffer): [way: string, pieces: Uint8Array[]][] => [
  ['whole', [text(message)]],
  ['in fragments', fragments(...chop(message))],
  ['in octets', chop(text(message))],
]

function cases(table: typeof valid, expected: (id: Buffer) => string): Case[] {
  return table.flatMap(([group, ...all]) =>
    all.map(hex).flatMap(id =>
      ways(around(id)).map(([way, pieces]): Case => {
        return [`${group}: ${id.toString('hex')} ${way}`, pieces, expected(id)]
      }),
    ),
  )
}

/** 6.6: every prefix of a word; whole characters are text, the others are not. */
const prefixes = (): Case[] =>
  Array.from(KOSME, (_, i): Case => {
    const id = KOSME.subarray(0, i + 1)
    const whole = [2, 5, 7, 9, 11].includes(id.length)
    const expected = whole ? `rejected ${id.toString()}, open` : 'close 1007, end'
    return [`6.6: ${id.length} bytes`, [text(around(id))], expected]
  })

/** One bad byte in every place of a command. */
const places = (command: Command): Case[] => {
  const good = command('κόσμε')
  return Array.from(good, (_, i): Case => {
    const bad = Buffer.from(good)
    bad[i] = 0xff
    return [`6.3 bad at ${i}`, [text(bad)], 'close 1007, end']
  })
}

const [part, rest] = [around(KOSME).subarray(0, 10), around(KOSME).subarray(10)]
const [first = part, last = rest] = fragments(part, rest)

const echoed = `rejected ${KOSME.toString()}, open`
const split: Case[] = [
  ['6.1.1', [text('')], 'rejected, open'],
  ['6.1.2', fragments('', '', ''), 'rejected, open'],
  ['6.1.3', fragments('', around(KOSME), ''), echoed],
  ['6.2 inside of a character', [first, last], echoed],
  ['6.2 with a ping inside of it', [first, ping('p'), last], `pong p, ${echoed}`],
  ['6.4.1 bad in the middle', fragments('{"id":"', hex('f4 90 80 80'), '"}'), 'close 1007, end'],
  ['6.4.3 whole, in two segments', chop(text(around(hex('f4 90 80 80'))), 10), 'close 1007, end'],
  [
    '6.4 not before its end',
    [frame(opcodes.text, hex('ff ff'), { fin: 0 }), ping('p'), frame(opcodes.more, '')],
    'pong p, close 1007, end',
  ],
  ['6.4 a binary message may hold anything', [frame(opcodes.binary, 'ÿ')], 'close 1003, end'],
]

t.test('6: valid UTF-8 comes back as it was', t =>
  conform(t, () => cases(valid, id => `rejected ${id.toString()}, open`)),
)
t.test('6: invalid UTF-8 closes with 1007', t =>
  conform(t, () => cases(invalid, () => 'close 1007, end')),
)
t.test('6.6: the prefixes of a word', t => conform(t, prefixes))
t.test('6.3: one bad byte, wherever it is', t => conform(t, places))
t.test('6.1, 6.2, 6.4: split characters', t => conform(t, () => split))
