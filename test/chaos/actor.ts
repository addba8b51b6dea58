/** Somebody who uses the server without pause, drops connections, and writes down what came. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isTerminal } from '../support/wire.ts'
import { type Client, refusalOf } from './client.ts'
import { type Asked, type History, parse } from './history.ts'
import { type Model, question } from './model.ts'

/** What all actors share. */
export interface Scene {
  readonly clients: readonly Client[]
  readonly model: Model
  readonly history: History
  /** By generation: whoever knows one may read it. */
  readonly known: Map<string, Asked>
  /** No more is begun, and nobody reads on. */
  readonly over: AbortSignal
  /** Numbers that are given out once each. */
  next(): number
}

/** Refusals that pass: the server is going down, or full. */
const passing = new Set(['overloaded', 'rate_limited', 'interrupted'])
const PAUSE_MS = 30
/** Longer than any hop on loopback, so that the model's side has heard of a closed socket. */
const HEARD_MS = 300
/** Others join the answers that were begun last. */
const RECENT = 50

/** Resolves once the scene is over, and all that was under way has ended. */
export async function act(name: string, scene: Scene, random: () => number): Promise<void> {
  const { history, known, over } = scene
  const meddling = new Set<Promise<void>>()
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
  const client = (): Client => pick(scene.clients)

  /** Undefined where it failed; a refusal that has no reason is a fault. */
  async function attempt<T>(work: () => Promise<T>, allowed = ''): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (over.aborted) return undefined
      const code = refusalOf(error)
      if (code === undefined || passing.has(code)) await sleep(PAUSE_MS)
      else if (code !== allowed) history.faults.push(`${name} was refused: ${String(error)}`)
      return undefined
    }
  }

  /** Start an answer, insisting until the server has said yes; now and then it is asked again. */
  async function ask(): Promise<string | undefined> {
    const target = 20 + Math.floor(random() * 180)
    const asked = { name: `${name}-${scene.next()}`, target, generations: new Set<string>() }
    const body = { message: question(asked.name, target), idempotencyKey: asked.name }
    history.asked.push(asked)
    for (let left = random() < 0.1 ? 2 : 1; left > 0 && !over.aborted;) {
      const generation = await attempt(() => client().start(body))
      if (generation === undefined) continue
      left--
      asked.generations.add(generation)
      known.set(generation, asked)
    }
    return [...asked.generations][0]
  }

  /** Read to the end, over one connection after the other, from wherever the last one broke. */
  async function follow(generation: string): Promise<void> {
    let texts: readonly string[] = []
    for (let after = 0; !over.aborted && !isEnd(texts.at(-1)); after += texts.length)
      texts = await readOn(generation, after)
  }

  async function readOn(generation: string, after: number): Promise<readonly string[]> {
    const leave = new AbortController()
    const reader = client()
    const texts: string[] = []
    const patience = 1 + Math.floor(random() * 80)
    history.readings.push({ reader: `${name} by ${reader.name}`, generation, after, texts })
    await attempt(async () => {
      const signal = AbortSignal.any([leave.signal, over])
      for await (const text of reader.read({ generation, after }, signal)) {
        texts.push(text)
        if (random() < 0.01) meddle(generation)
        if (texts.length >= patience || isEnd(text)) return
      }
    })
    leave.abort()
    return texts
  }

  function meddle(generation: string): void {
    const done = (random() < 0.5 ? stop(generation) : update(generation)).finally(() =>
      meddling.delete(done),
    )
    meddling.add(done)
  }

  async function stop(generation: string): Promise<void> {
    const stopped = await attempt(() =>
      client()
        .stop(generation)
        .then(() => true),
    )
    if (stopped === undefined) return
    const asked = known.get(generation)?.name ?? ''
    if (scene.model.open(asked) > 0) await sleep(HEARD_MS)
    const stillOpen = scene.model.open(asked)
    history.obeyed.push({ generation, command: 'stop', stillOpen })
  }

  async function update(generation: string): Promise<void> {
    const mark = scene.next() / 1_000_000
    const mode = random() < 0.5 ? 'continue' : 'restart'
    const change = { mode, params: { temperature: mark } } as const
    const told = (): Promise<boolean> =>
      client()
        .update(generation, change)
        .then(() => true)
    const taken = await attempt(told, 'conflict')
    if (taken !== undefined) history.obeyed.push({ generation, command: 'update', mark })
  }

  while (!over.aborted) {
    const joins = known.size > 0 && random() < 0.4
    const generation = joins ? pick([...known.keys()].slice(-RECENT)) : await ask()
    if (generation !== undefined) await follow(generation)
  }
  await Promise.all(meddling)
}

const isEnd = (text: string | undefined): boolean => text !== undefined && isTerminal(parse(text))
