/**
 * Cases of WebSocket conformance, each on a socket of its own. The groups are those of the Autobahn
 * suite. It has a server that echoes; ours takes commands, so that what echoes is the id of a
 * command, in its reply.
 */
import type { Test } from 'tap'
import { build } from '../support/app.ts'
import { type Frame, close, opcodes, text } from '../support/frames.ts'
import { type Raw, openRaw } from '../support/raw-websocket.ts'
import { startUpstream } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { rest } from '../support/wire.ts'

/** What is sent, each piece in a write of its own, and what is heard up to the end of it. */
export type Case = readonly [name: string, pieces: readonly Uint8Array[], heard: string]

/** The text of a command that is taken, `size` bytes long; its reply is `accepted <id>`. */
export type Command = (id: string, size?: number) => Buffer

/** The text of one that is refused; its reply, `rejected <id>`, does not wait for anything. */
export const refused = (id: string): string => JSON.stringify({ id })

/** Sockets that are open together. */
const AT_ONCE = 32

/**
 * Run the cases that `make` returns. What is heard last is `open`, where a command behind the case
 * is still answered, or `end`, where the server closed the connection.
 */
export async function conform(
  t: Test,
  make: (command: Command) => readonly Case[],
  env: Record<string, string> = {},
): Promise<void> {
  const upstream = await startUpstream(t)
  const app = await build(t, { upstream, env })
  const reader = await sseWire(app.url).start({ message: 'x' })
  await rest(reader)
  const command: Command = (id, size = 0) => {
    const { generation } = reader
    const body = Buffer.from(JSON.stringify({ id, type: 'detach', generation }))
    return Buffer.concat([body, Buffer.alloc(Math.max(0, size - body.length), ' ')])
  }
  const cases = make(command)
  for (let at = 0; at < cases.length; at += AT_ONCE) {
    const some = cases.slice(at, at + AT_ONCE)
    const heard = await Promise.all(
      some.map(async ([, pieces]) => {
        const line = await openRaw(t, app.url)
        await line.send(...pieces, text(command('last')))
        return hear(line)
      }),
    )
    for (const [i, [name, , expected]] of some.entries()) {
      t.equal(heard[i]?.join(', '), expected, name)
    }
  }
  t.equal((await fetch(`${app.url}/healthz`)).status, 200)
}

async function hear(line: Raw): Promise<string[]> {
  const heard: string[] = []
  for (;;) {
    const frame = await line.next()
    if (frame === undefined) return [...heard, 'end']
    const said = say(frame)
    if (said === 'accepted last') return [...heard, 'open']
    heard.push(said)
    // A server that closes by its own will waits for the answer.
    if (frame.opcode === opcodes.close) await line.send(close(1000))
  }
}

/** A frame in a word or two. */
function say({ opcode, payload }: Frame): string {
  if (opcode === opcodes.pong) return `pong ${payload.toString('latin1')}`
  if (opcode === opcodes.close) {
    return payload.length === 0 ? 'close' : `close ${payload.readUInt16BE()}`
  }
  if (opcode !== opcodes.text) return `opcode ${opcode}`
  const { type, id } = JSON.parse(payload.toString()) as { type: string; id: string | null }
  return id === null ? type : `${type} ${id}`
}
