/** The framing of WebSocket (RFC 6455, section 5.2), as much of it as a client of ours meets. */

export interface Heard {
  /** A piece of a text message, which may come in several. */
  text(piece: string): void
  /** The same of a compressed one; `isLast` ends it. */
  compressed(piece: Buffer, isLast: boolean): void
  ping(payload: Buffer): void
  close(reason: string): void
}

const TEXT = 0x1
const CLOSE = 0x8
const PING = 0x9

/** Walks over the frames of a server in whatever pieces they arrive. */
export function createWalk(heard: Heard): (bytes: Buffer) => void {
  let rest: Buffer | undefined
  let frame: Head | undefined
  // Bytes of the current frame's payload that are still to come.
  let left = 0
  // Of the current message: its first frame says so for all.
  let isCompressed = false

  function payload({ opcode, isFinal }: Head, bytes: Buffer): void {
    if (opcode === PING) return heard.ping(bytes)
    if (opcode === CLOSE) return heard.close(reasonOf(bytes))
    if (opcode > TEXT) return
    if (isCompressed) heard.compressed(bytes, isFinal && left === bytes.length)
    else heard.text(bytes.toString('latin1'))
  }

  return pieces => {
    let bytes = rest === undefined ? pieces : Buffer.concat([rest, pieces])
    rest = undefined
    while (bytes.length > 0) {
      if (frame === undefined) {
        const head = readHead(bytes)
        // A control frame is short and taken whole, as a head is.
        const isWhole = head !== undefined && (head.opcode < CLOSE || bytes.length >= head.end)
        if (!isWhole) {
          rest = bytes
          return
        }
        if (head.opcode === TEXT) ({ isCompressed } = head)
        frame = head
        left = head.end - head.start
        bytes = bytes.subarray(head.start)
      }
      const piece = bytes.subarray(0, left)
      payload(frame, piece)
      left -= piece.length
      bytes = bytes.subarray(piece.length)
      if (left === 0) frame = undefined
    }
  }
}

const reasonOf = (payload: Buffer): string =>
  payload.length < 2 ? 'no code' : `${payload.readUInt16BE(0)} ${payload.toString('latin1', 2)}`

interface Head {
  readonly opcode: number
  readonly isFinal: boolean
  readonly isCompressed: boolean
  /** Where the payload begins and ends. */
  readonly start: number
  readonly end: number
}

function readHead(bytes: Buffer): Head | undefined {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return undefined
  const start = second < 126 ? 2 : second === 126 ? 4 : 10
  if (bytes.length < start) return undefined
  const length =
    start === 2 ? second : start === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  return {
    opcode: first & 0x0f,
    isFinal: (first & 0x80) !== 0,
    isCompressed: (first & 0x40) !== 0,
    start,
    end: start + length,
  }
}

/** A whole frame of a client. The mask is zero: it keeps caches from being fooled, not secrets. */
export function mask(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | length, 0, 0, 0, 0])
      : Buffer.from([0x80 | opcode, 0x80 | 126, length >> 8, length & 0xff, 0, 0, 0, 0])
  return Buffer.concat([head, payload])
}
