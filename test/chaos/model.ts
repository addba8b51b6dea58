/** A model that counts, and has bad days: all that it does is drawn from a seed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { randomFrom } from '../support/random.ts'
import {
  type Exchange,
  type Step,
  chunks,
  end,
  finish,
  head,
  reply,
  reset,
} from '../support/script.ts'
import { type Teardown, startUpstream } from '../support/upstream.ts'

/** Silence that the server takes for a fault; run.ts sets it. */
export const IDLE_MS = 1000

export interface Model {
  readonly baseURL: string
  /** The highest number that was sent for each name. */
  readonly said: ReadonlyMap<string, number>
  /** Requests for this name that are being answered over an open socket. */
  open(name: string): number
}

/** The question that it understands. */
export const question = (name: string, target: number): string => `Count to ${target} as ${name}.`

interface Task {
  readonly name: string
  readonly target: number
  /** The last number of the text to go on from. */
  readonly from: number
}

export async function startModel(t: Teardown, seed: number): Promise<Model> {
  const upstream = await startUpstream(t)
  const random = randomFrom(seed)
  const said = new Map<string, number>()
  const active = new Map<string, Set<Exchange>>()
  upstream.always(async exchange => {
    const task = read(exchange.request.json as { messages: Message[] })
    const exchanges = active.get(task.name) ?? new Set()
    active.set(task.name, exchanges.add(exchange))
    exchange.response.once('close', () => exchanges.delete(exchange))
    const say = (to: number): void => {
      said.set(task.name, Math.max(said.get(task.name) ?? 0, to))
    }
    for (const step of day(task, random, say)) {
      if (exchange.socket.destroyed) return
      await step(exchange)
    }
  })
  return {
    baseURL: upstream.baseURL,
    said,
    open: name => active.get(name)?.size ?? 0,
  }
}

interface Message {
  readonly role: string
  readonly content: string
}

function read({ messages }: { readonly messages: readonly Message[] }): Task {
  const asked = messages.findLastIndex(({ content }) => /^Count to \d+ as /.test(content))
  const [, target, name = ''] =
    /^Count to (\d+) as (\S+)\./.exec(messages[asked]?.content ?? '') ?? []
  const before = messages.slice(asked + 1).findLast(({ role }) => role === 'assistant')
  const from = Number(before?.content.trim().split(' ').at(-1) ?? 0)
  return { name, target: Number(target), from }
}

/** The steps of one answer. */
function* day(task: Task, random: () => number, say: (to: number) => void): Generator<Step> {
  const luck = random()
  if (luck < 0.04) yield reply(500, 'a page')
  else if (luck < 0.08) yield reset
  else {
    if (luck < 0.12) yield () => sleep(random() * IDLE_MS * 0.5)
    yield head()
    yield* count(task, random, say)
    yield finish()
    yield end
  }
}

function* count(
  { target, from }: Task,
  random: () => number,
  say: (to: number) => void,
): Generator<Step> {
  for (let at = from; at < target;) {
    const luck = random()
    if (luck < 0.002) yield reset
    if (luck > 0.999) yield () => sleep(IDLE_MS * 1.5)
    if (luck < 0.3) yield () => sleep(random() * 30)
    const to = Math.min(target, at + 1 + Math.floor(random() * 4))
    const numbers = Array.from({ length: to - at }, (_, i) => ({ content: `${at + 1 + i} ` }))
    say(to)
    yield chunks(...numbers)
    at = to
  }
}
