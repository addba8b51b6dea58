/** One connection: spoiled bytes out, and what comes back is judged. */
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { opcodes, readFrame } from '../support/frames.ts'
import { type Random, below, pick, segments } from './mutate.ts'

/** Of an answer that is looked at; an essay is no use here. */
const HEARD_BYTES = 200_000
/** Other requests that are answered meanwhile: the server has had its turns by then. */
const TURNS = 6

export interface Answer {
  /** The status of each response, or nothing. */
  readonly status: string
  readonly heard: Buffer
}

/** Where it happens. */
export interface Ground {
  readonly port: number
  /** Resolves when the server has answered so many other requests. */
  readonly pass: (turns: number) => Promise<void>
}

/** Send the bytes in some segments, listen for a while, and leave in one of several ways. */
export async function attack(
  { port, pass }: Ground,
  sent: Buffer,
  random: Random,
): Promise<Answer> {
  const pieces = segments(sent, random)
  const leave = pick(random, ['end', 'end', 'destroy', 'resetAndDestroy'] as const)
  const more = below(random, TURNS)
  const socket = connect(port, '127.0.0.1').setNoDelay(true)
  const heard: Buffer[] = []
  let length = 0
  // A reset is an answer like any other.
  socket.on('error', () => undefined)
  const first = Promise.withResolvers<void>()
  socket.on('data', bytes => {
    first.resolve()
    length += bytes.length
    if (length < HEARD_BYTES) heard.push(bytes)
  })
  const closed = new Promise(resolve => socket.once('close', resolve))
  await Promise.race([once(socket, 'connect'), closed])
  await Promise.race([send(socket, pieces), closed])
  await Promise.race([first.promise, pass(TURNS), closed])
  await Promise.race([pass(more), closed])
  socket[leave]()
  await Promise.race([pass(1), closed])
  socket.destroy()
  await closed
  const all = Buffer.concat(heard)
  return { status: /^HTTP\/1\.1 (\d{3}) /.exec(all.toString('latin1'))?.[1] ?? 'none', heard: all }
}

async function send(socket: Socket, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) await new Promise<void>(sent => socket.write(piece, () => sent()))
}

/** What is wrong with an answer, whatever was asked; undefined where nothing is. */
export function judge({ status, heard }: Answer): string | undefined {
  if (heard.length > 0 && status === 'none') return 'not HTTP'
  if (status.startsWith('5') && status !== '503') return `status ${status}`
  const text = heard.toString()
  if (/\n\s+at .+:\d+:\d+|node:internal|node_modules|"code":"internal"/.test(text)) return 'a stack'
  if (status !== '101') return undefined
  return judgeFrames(heard.subarray(heard.indexOf('\r\n\r\n') + 4))
}

/** The frames of the server are right, whatever those of the client are. */
function judgeFrames(bytes: Buffer): string | undefined {
  let closed = false
  try {
    for (let read = readFrame(bytes); read !== undefined; read = readFrame(read.rest)) {
      if (closed) return 'a frame behind a close frame'
      const { opcode, payload } = read.frame
      closed = opcode === opcodes.close
      if (opcode === opcodes.text && !payload.equals(Buffer.from(payload.toString())))
        return 'no UTF-8'
      if (closed && [1006, 1011].includes(payload.length < 2 ? 1000 : payload.readUInt16BE())) {
        return 'a fault of the server'
      }
    }
    return undefined
  } catch (error) {
    return String(error)
  }
}
