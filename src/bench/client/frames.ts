/** The framing of WebSocket (RFC 6455, section 5.2), as much of it as a client of ours meets. */

export interface Heard {
  /** A piece of a text frame, which may come in several. */
  text(piece: string): void
  ping(payload: Buffer): void
  close(reason: string): void
}

const TEXT = 0x1
const CLOSE = 0x8
const PING = 0x9

/** Walks over the frames of a server in whatever pieces they arrive. */
export function createWalk(heard: Heard): (bytes: Buffer) => void {
  let rest: Buffer | undefined
  let opcode = 0
  // Bytes of the current frame's payload that are still to come.
  let left = 0

  function payload(bytes: Buffer): void {
    if (opcode === TEXT || opcode === 0) heard.text(bytes.toString('latin1'))
    if (opcode === PING) heard.ping(bytes)
    if (opcode === CLOSE) heard.close(bytes.length < 2 ? 'no code' : `${bytes.readUInt16BE(0)} ${bytes.toString('latin1', 2)}`)
  }

  return pieces => {
    let bytes = rest === undefined ? pieces : Buffer.concat([rest, pieces])
    rest = undefined
    while (bytes.length > 0) {
      if (left === 0) {
        const head = readHead(bytes)
        // A control frame is short and taken whole, as a head is.
        const whole = head !== undefined && (head.opcode < CLOSE || bytes.length >= head.end)
        if (!whole) return void (rest = bytes)
        ;({ opcode } = head)
        left = head.end - head.start
        bytes = bytes.subarray(head.start)
      }
      const piece = bytes.subarray(0, left)
      if (piece.length > 0 || opcode >= CLOSE) payload(piece)
      left -= piece.length
      bytes = bytes.subarray(piece.length)
    }
  }
}

interface Head {
  readonly opcode: number
  /** Where the payload begins and ends. */
  readonly start: number
  readonly end: number
}

function readHead(bytes: Buffer): Head | undefined {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return undefined
  const opcode = first & 0x0f
  if (second < 126) return { opcode, start: 2, end: 2 + second }
  if (second === 126) {
    return bytes.length < 4 ? undefined : { opcode, start: 4, end: 4 + bytes.readUInt16BE(2) }
  }
  return bytes.length < 10
    ? undefined
    : { opcode, start: 10, end: 10 + Number(bytes.readBigUInt64BE(2)) }
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
