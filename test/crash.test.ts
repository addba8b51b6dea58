/**
 * kill -9 of a real server under load, at random moments, again and again on one file: promises 1
 * and 3 of the protocol. What any client saw is there afterwards, under its seq, byte for byte.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { ConversationWithTurns } from '../src/transports/views.ts'
import { folderFor } from './support/folder.ts'
import { type ServerProcess, startProcess } from './support/process.ts'
import { randomFrom } from './support/random.ts'
import { sseWire } from './support/wire-sse.ts'
import { websocketWire } from './support/wire-websocket.ts'
import { type Heard, type Reader, isTerminal, rest, textOf } from './support/wire.ts'

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 50)
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000)
const CLIENTS = 12
/** The kill comes within this; the answers of a round would take ten times as long. */
const WITHIN_MS = 300

/** What one client saw of one generation, to the moment its connection broke. */
interface Witness {
  readonly generation: string
  readonly seen: Heard[]
}

async function witness(reader: Reader, all: Witness[]): Promise<void> {
  const seen: Heard[] = []
  all.push({ generation: reader.generation, seen })
  try {
    for await (const heard of reader) seen.push(heard)
  } catch (error) {
    // The connection of a killed server breaks: that is what this is about.
    if (!(error instanceof TypeError)) throw error
  }
}

/** Start answers on both transports, watch each twice, and kill the server in the middle. */
async function round(t: Test, server: ServerProcess, killAfterMs: number): Promise<Witness[]> {
  const wires = [sseWire(server.url), websocketWire(t, server.url)] as const
  const witnesses: Witness[] = []
  const broken = (error: unknown): void => {
    if (!/fetch failed|socket|ECONN|terminated|ended without/.test(String(error))) throw error
  }
  const clients = Array.from({ length: CLIENTS }, async (_, i) => {
    const [mine, other] = i % 2 === 0 ? wires : [wires[1], wires[0]]
    const reader = await mine.start({ message: 'count to 5000' })
    const second = other.attach(reader.generation).then(again => witness(again, witnesses))
    await Promise.all([witness(reader, witnesses), second.catch(broken)])
  })
  const watching = Promise.all(clients.map(client => client.catch(broken)))
  await sleep(killAfterMs)
  t.equal(await server.end('SIGKILL'), null)
  await watching
  return witnesses
}

async function verify(
  t: Test,
  server: ServerProcess,
  witnesses: readonly Witness[],
): Promise<number> {
  let events = 0
  for (const { generation, seen } of witnesses) {
    const log = await rest(await sseWire(server.url).attach(generation))
    const kept = log.slice(0, seen.length).map(({ json }) => json)
    t.same(
      kept,
      seen.map(({ json }) => json),
      `all ${seen.length} seen events of ${generation}`,
    )
    const ends = log.filter(({ event }) => isTerminal(event))
    t.equal(ends.length, 1, 'one terminal event')
    t.equal(ends[0], log.at(-1), 'and it is the last')
    t.match(ends[0]?.event, { type: 'failed', code: 'interrupted', retryable: true })
    await whole(t, server, log)
    events += seen.length
  }
  return events
}

/** The conversation is there with its question, and the answer as far as the log has it. */
async function whole(t: Test, server: ServerProcess, log: readonly Heard[]): Promise<void> {
  const started = log[0]?.event
  if (started?.type !== 'started') throw new Error('the log does not begin with started')
  const path = `${server.url}/api/ai/chat/conversations/${started.conversation}`
  const { turns } = (await (await fetch(path)).json()) as ConversationWithTurns
  t.same(
    turns.map(({ role }) => role),
    ['user', 'assistant'],
  )
  t.equal(turns[0]?.content, 'count to 5000')
  t.equal(turns[1]?.content, textOf(log))
}

t.test(`nothing seen is lost by ${ROUNDS} times kill -9 (CRASH_SEED=${SEED})`, async t => {
  const folder = folderFor(t)
  const env = {
    STORE: `sqlite:${join(folder, 'chatai.db')}`,
    DEMO_TOKENS_PER_SECOND: '1000',
    RATE_LIMIT_PER_MINUTE: '1000000',
  }
  const random = randomFrom(SEED)
  let earlier: Witness[] = []
  let events = 0
  let server = await startProcess(env)
  for (let i = 0; i < ROUNDS; i++) {
    const witnesses = await round(t, server, 20 + random() * WITHIN_MS)
    server = await startProcess(env)
    events += await verify(t, server, witnesses)
    // One of an earlier round: a later crash takes nothing of what an earlier one left.
    const old = earlier[Math.floor(random() * earlier.length)]
    if (old !== undefined) await verify(t, server, [old])
    earlier = [...earlier, ...witnesses]
  }
  t.equal(await server.end('SIGTERM'), 0)
  t.ok(events > ROUNDS * CLIENTS, `clients saw ${events} events in all`)
})
