/** Ways to spoil bytes, all by the numbers of one seeded generator. */

export type Random = () => number

export const below = (random: Random, limit: number): number => Math.floor(random() * limit)
export function pick<T>(random: Random, all: readonly T[]): T {
  const one = all[below(random, all.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}

/** What parsers stumble over. */
const tokens = [
  ['\r\n', '\n', '\r', '\0', '\r\n\r\n', ' ', '\t', ':', ',', ';', '"', '\\', '/', '%', '%00'],
  ['{', '}', '[', ']', '[[[[[[[[', '{"":', 'null', 'true', '-', '1e999', '\\ud800', '\\u0000'],
  ['__proto__', 'constructor', 'toString', 'Transfer-Encoding: chunked\r\n', '0\r\n\r\n'],
  ['Content-Length: 0\r\n', 'Content-Length: 99999999\r\n', 'Connection: close\r\n', 'HTTP/1.0'],
  ['Expect: 100-continue\r\n', 'Upgrade: h2c\r\n', 'Last-Event-ID: ', 'Host: x\r\n', '../', '😀'],
  ['"id":', '"type":', '"after":', '"generation":', '"messages":', 'start', 'attach', 'stop'],
].flat()
const numbers = [
  ['0', '-1', '1', '125', '126', '127', '65535', '65536', '2147483647', '4294967296', '1e9'],
  ['9007199254740993', '99999999999999999999', '0x10', '1.5', 'NaN', ''],
].flat()
const bytes = [0x00, 0x0a, 0x0d, 0x20, 0x22, 0x7f, 0x80, 0x81, 0x88, 0x89, 0xc0, 0xfe, 0xff]

type Way = (data: Buffer, random: Random, other: Buffer) => Buffer

/** Put `inside` in the place of `count` bytes. */
function splice(data: Buffer, at: number, count: number, inside: Buffer | string): Buffer {
  const rest = data.subarray(Math.min(data.length, at + count))
  return Buffer.concat([data.subarray(0, at), Buffer.from(inside as string), rest])
}
const somewhere = (data: Buffer, random: Random): number => below(random, data.length + 1)

const ways: readonly Way[] = [
  (data, random) => {
    const at = below(random, data.length)
    return splice(data, at, 1, Buffer.of((data[at] ?? 0) ^ (1 << below(random, 8))))
  },
  (data, random) => splice(data, somewhere(data, random), 1, Buffer.of(pick(random, bytes))),
  (data, random) => splice(data, somewhere(data, random), 0, Buffer.of(pick(random, bytes))),
  (data, random) => splice(data, somewhere(data, random), 0, pick(random, tokens)),
  (data, random) => splice(data, somewhere(data, random), 1 + below(random, 40), ''),
  (data, random) => {
    const at = somewhere(data, random)
    const piece = data.subarray(at, at + 1 + below(random, 60))
    return splice(
      data,
      at,
      0,
      Buffer.concat(Array.from({ length: below(random, 40) }, () => piece)),
    )
  },
  (data, random) => data.subarray(0, somewhere(data, random)),
  (data, random, other) =>
    Buffer.concat([
      data.subarray(0, somewhere(data, random)),
      other.subarray(somewhere(other, random)),
    ]),
  (data, random) => {
    const found = [...data.toString('latin1').matchAll(/\d+/g)]
    if (found.length === 0) return data
    const { index, 0: number } = pick(random, found)
    return splice(data, index, number.length, pick(random, numbers))
  },
  (data, random) =>
    splice(
      data,
      somewhere(data, random),
      0,
      Buffer.alloc(below(random, 20_000), pick(random, bytes)),
    ),
]

/** Mostly spoiled in one to four ways, sometimes left alone; `other` is what may be spliced in. */
export function mutate(data: Buffer, random: Random, other: Buffer): Buffer {
  let spoiled = data
  for (let more = 0.85; random() < more; more *= 0.7) {
    spoiled = pick(random, ways)(spoiled, random, other)
  }
  return spoiled
}

/** The same bytes in one to six writes, or in octets where they are few. */
export function segments(data: Buffer, random: Random): Buffer[] {
  if (data.length < 400 && random() < 0.1) return Array.from(data, byte => Buffer.of(byte))
  const cuts = Array.from({ length: below(random, 6) }, () => somewhere(data, random))
  const ends = [...cuts.sort((a, b) => a - b), data.length]
  return ends
    .map((end, i) => data.subarray(ends[i - 1] ?? 0, end))
    .filter(({ length }) => length > 0)
}
