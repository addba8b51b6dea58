/** The campaign: many spoiled connections, two clients that behave, and a look at what is left. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type IncomingMessage, get } from 'node:http'
import { createEnds } from '../support/ends.ts'
import type { Heard } from '../support/wire.ts'
import { randomFrom } from '../support/random.ts'
import { sseWire } from '../support/wire-sse.ts'
import { websocketWire } from '../support/wire-websocket.ts'
import { rest, textOf } from '../support/wire.ts'
import { type Ground, attack, judge } from './attack.ts'
import type { Look } from './probe.ts'
import { type Subject, startSubject } from './subject.ts'
import { MARK, talk } from './talks.ts'

export interface Campaign {
  readonly seed: number
  readonly seconds: number
}

export interface Outcome {
  readonly connections: number
  readonly bytes: number
  /** How many connections got each status. */
  readonly statuses: Readonly<Record<string, number>>
  /** Whole answers that clients had who behave. */
  readonly answers: number
  readonly before: Look
  readonly after: Look
}

const AT_ONCE = 12
/** Until caches are filled, pools are open and the code is compiled. */
const WARM_UP = 60
/** Above what it had before; the store keeps its logs in a file. */
const HEAP_GROWTH = 40_000_000
const RSS = 600_000_000

/** Throws an AssertionError that names the seed and the number of the connection. */
export async function fuzz({ seed, seconds }: Campaign): Promise<Outcome> {
  const subject = await startSubject()
  const known = await acquaint(subject.url)
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const ground: Ground = {
    port: Number(new URL(subject.url).port),
    async pass(turns) {
      for (let turn = 0; turn < turns; turn++) await ask(`${subject.url}/healthz`, agent)
    },
  }
  const counts = { connections: 0, bytes: 0, answers: 0, statuses: {} as Record<string, number> }

  async function strike(number: number): Promise<void> {
    // Each connection has numbers of its own, so that one can be had again without the others.
    const random = randomFrom(seed * 1_000_003 + number)
    const sent = talk(random, new URL(subject.url).host, known)
    const answer = await attack(ground, sent, random)
    const wrong = subject.exit ?? judge(answer)
    const bytes = sent.subarray(0, 4000).toString('base64')
    assert.equal(wrong, undefined, `--seed ${seed}, connection ${number}: ${wrong}\n${bytes}`)
    counts.connections++
    counts.bytes += sent.length
    counts.statuses[answer.status] = (counts.statuses[answer.status] ?? 0) + 1
    remember(known, answer.heard)
  }
  let next = 0
  const strikers = (more: () => boolean): Promise<unknown> =>
    Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (more()) await strike(next++)
      }),
    )
  try {
    await strikers(() => next < WARM_UP)
    agent.destroy()
    const before = await settled(subject)
    const until = performance.now() + seconds * 1000
    let over = false
    const behaving = behave(subject.url, () => over)
    await strikers(() => performance.now() < until).finally(() => (over = true))
    counts.answers = await behaving
    agent.destroy()
    const after = await settled(subject, before)
    check(subject, { before, after })
    return { ...counts, before, after }
  } finally {
    if (subject.exit === undefined) await subject.end()
  }
}

async function ask(url: string, agent: Agent): Promise<void> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
  await once(response.resume(), 'end')
}

type Growing = { generations: string[]; conversations: string[] }

/** A first answer, so that there are ids to speak of. */
async function acquaint(url: string): Promise<Growing> {
  const heard = await rest(await sseWire(url).start({ message: `${MARK} count to 3` }))
  const started = heard[0]?.event
  if (started?.type !== 'started') throw new Error('no answer begins')
  return { generations: [started.generation], conversations: [started.conversation ?? ''] }
}

/** Of the ids that an answer holds the newest few. */
function remember(known: Growing, heard: Buffer): void {
  const text = heard.toString('latin1')
  const add = (ids: string[], id: string | undefined): void => {
    if (id === undefined || ids.includes(id)) return
    ids.push(id)
    if (ids.length > 6) ids.shift()
  }
  add(known.generations, /gen_[\w-]{22}/.exec(text)?.[0])
  add(known.conversations, /cnv_[\w-]{22}/.exec(text)?.[0])
}

/** Ask the same again and again, by both transports: the answer is always the same, and whole. */
async function behave(url: string, over: () => boolean): Promise<number> {
  const ends = createEnds()
  const wires = [sseWire(url), websocketWire(ends, url)]
  let expected: string | undefined
  let answers = 0
  while (!over()) {
    const all: Heard[][] = []
    for (const wire of wires) all.push(await rest(await wire.start({ message: 'count to 20' })))
    for (const heard of all) {
      expected ??= textOf(heard)
      assert.equal(textOf(heard), expected, 'the answer of a client that behaves')
      assert.equal(heard.at(-1)?.event.type, 'done')
      answers++
    }
    await ends.run()
  }
  return answers
}

/** Nothing is written or read any more, and no more is open than before. */
async function settled(subject: Subject, before?: Look): Promise<Look> {
  const deadline = performance.now() + 15_000
  for (;;) {
    const text = await (await fetch(`${subject.url}/metrics`)).text()
    const busy = /^chatai_(?:readers\{.*\}|generations_live) [1-9]/m.test(text)
    const look = await subject.look()
    const quiet = !busy && (before === undefined || excess(before, look).length === 0)
    if (quiet || performance.now() > deadline) return look
  }
}

/** Kinds of which there are more than before. */
const excess = (before: Look, after: Look): string[] =>
  Object.entries(after.resources)
    .filter(([kind, count]) => count > (before.resources[kind] ?? 0))
    .map(([kind, count]) => `${kind}: ${before.resources[kind] ?? 0} → ${count}`)

function check(subject: Subject, { before, after }: { before: Look; after: Look }): void {
  assert.equal(subject.exit, undefined, 'the process lives')
  assert.deepEqual(excess(before, after), [], 'nothing is left open')
  assert.ok(after.listeners <= before.listeners, 'no listener is left')
  const grown = after.heapBytes - before.heapBytes
  assert.ok(grown < HEAP_GROWTH, `the heap has grown by ${grown} bytes`)
  assert.ok(after.rssBytes < RSS, `it holds ${after.rssBytes} bytes`)
  for (const line of subject.log) {
    const { level, stack } = read(line)
    assert.ok(level < 50 && !stack && !line.includes(MARK), `a line of the log: ${line}`)
  }
}

function read(line: string): { level: number; stack: boolean } {
  const { level } = JSON.parse(line) as { level: number }
  return { level, stack: /\\n\s+at /.test(line) }
}
