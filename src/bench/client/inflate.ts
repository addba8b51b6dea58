/** What permessage-deflate has compressed (RFC 7692), with one window for all of a connection. */
import { constants, createInflateRaw } from 'node:zlib'

/** What the sender leaves off the end of every message. */
const TAIL = Buffer.from([0, 0, 0xff, 0xff])

export interface Inflation {
  /** A piece of a message's payload. */
  write(piece: Buffer): void
  /** The message is whole: what it says is heard soon after. */
  flush(): void
  close(): void
}

export function createInflation(hear: (text: string) => void): Inflation {
  const inflate = createInflateRaw({ flush: constants.Z_SYNC_FLUSH })
  inflate.on('data', (bytes: Buffer) => hear(bytes.toString('latin1')))
  return {
    write: piece => void inflate.write(piece),
    flush: () => void inflate.write(TAIL),
    close: () => inflate.close(),
  }
}
