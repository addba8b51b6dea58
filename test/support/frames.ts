/** WebSocket frames made by hand (RFC 6455, section 5.2), wrong ones too, and read back. */

export const opcodes = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface FrameOptions {
  /** 0 where more fragments follow. */
  readonly fin?: 0 | 1
  /** The three reserved bits, 0 to 7. */
  readonly rsv?: number
  /** Of the client; `none` leaves it out. */
  readonly mask?: number | 'none'
  /** What the head says, where that is not the length of the payload. */
  readonly length?: number | bigint
}

/** One frame of a client. */
export function frame(
  opcode: number,
  payload: string | Uint8Array = '',
  { fin = 1, rsv = 0, mask = 0x5a0ff0a5, length }: FrameOptions = {},
): Buffer {
  const data = Buffer.from(payload as string)
  const masked = mask === 'none' ? 0 : 0x80
  const first = (fin << 7) | (rsv << 4) | opcode
  const head = [Buffer.of(first), lengthOf(length ?? data.length, masked)]
  if (mask === 'none') return Buffer.concat([...head, data])
  const key = Buffer.alloc(4)
  key.writeUInt32BE(mask >>> 0)
  return Buffer.concat([...head, key, data.map((byte, i) => byte ^ (key[i % 4] ?? 0))])
}

function lengthOf(length: number | bigint, masked: number): Buffer {
  if (length <= 125) return Buffer.of(masked | Number(length))
  const long = length > 0xffff
  const bytes = Buffer.alloc(long ? 9 : 3)
  bytes[0] = masked | (long ? 127 : 126)
  if (long) bytes.writeBigUInt64BE(BigInt(length), 1)
  else bytes.writeUInt16BE(Number(length), 1)
  return bytes
}

export const text = (payload: string | Uint8Array): Buffer => frame(opcodes.text, payload)
export const ping = (payload: string | Uint8Array = ''): Buffer => frame(opcodes.ping, payload)
/** A whole or broken close frame: `close()`, `close(1000, 'bye')`. */
export const close = (code?: number, reason: string | Uint8Array = ''): Buffer =>
  frame(opcodes.close, code === undefined ? '' : closing(code, reason))

function closing(code: number, reason: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason as string)])
}

/** A text message in as many fragments as there are pieces. */
export function fragments(...pieces: readonly (string | Uint8Array)[]): Buffer[] {
  return pieces.map((piece, i) =>
    frame(i === 0 ? opcodes.text : opcodes.more, piece, { fin: i === pieces.length - 1 ? 1 : 0 }),
  )
}

/** The same bytes in pieces of that size. */
export function chop(bytes: Uint8Array, size = 1): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  return pieces
}

/** A frame of the server. */
export interface Frame {
  readonly opcode: number
  readonly payload: Buffer
}

/** The first frame in `bytes` and what is behind it; undefined where it is not all there. */
export function readFrame(bytes: Buffer): { frame: Frame; rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined
  const [first = 0, second = 0] = bytes
  if ((first & 0xf0) !== 0x80) throw new Error(`a server's frame begins with ${first}`)
  const head = second === 127 ? 10 : second === 126 ? 4 : 2
  if (bytes.length < head) return undefined
  const length =
    head === 10 ? Number(bytes.readBigUInt64BE(2)) : head === 4 ? bytes.readUInt16BE(2) : second
  const end = head + length
  if (bytes.length < end) return undefined
  return {
    frame: { opcode: first & 0x0f, payload: bytes.subarray(head, end) },
    rest: bytes.subarray(end),
  }
}
