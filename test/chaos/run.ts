/** Many clients and a server that is killed again and again; then everything is read once more. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConversationPage, ConversationWithTurns } from '../../src/transports/views.ts'
import { folderFor, modelIn } from '../support/folder.ts'
import { type ServerProcess, startProcess } from '../support/process.ts'
import { randomFrom } from '../support/random.ts'
import type { Teardown } from '../support/upstream.ts'
import { sseWire } from '../support/wire-sse.ts'
import { rest } from '../support/wire.ts'
import { type Scene, act } from './actor.ts'
import { openClients } from './client.ts'
import { type History, type Outcome, createHistory } from './history.ts'
import { IDLE_MS, type Model, startModel } from './model.ts'

export interface Chaos {
  readonly seed: number
  readonly seconds: number
  readonly actors: number
}

export interface Ran {
  readonly history: History
  readonly outcome: Outcome
  readonly kills: number
}

/** Kills come this far apart, on average; the server needs a third of a second to be back. */
const BETWEEN_KILLS_MS = 1200
/** On a machine that is slow it lasts until there was something to judge. */
const LEAST_KILLS = 2
const LEAST_READINGS = 51
/** Of the kills, those by SIGKILL; the others are a SIGTERM, which has to end with exit 0. */
const SUDDEN = 0.7

export async function runChaos(t: Teardown, { seed, seconds, actors }: Chaos): Promise<Ran> {
  const random = randomFrom(seed)
  const folder = folderFor(t)
  const model = await startModel(t, random() * 2 ** 32)
  const env = settings(folder, model)
  let server = await startProcess(env)
  t.teardown(() => server.end('SIGKILL'))
  const { url } = server
  const over = new AbortController()
  let count = 0
  const scene: Scene = {
    clients: openClients(t, url),
    model,
    history: createHistory(),
    known: new Map(),
    over: over.signal,
    next: () => ++count,
  }
  const acting = Array.from({ length: actors }, (_, i) =>
    act(`actor${i}`, scene, randomFrom(random() * 2 ** 32)),
  )
  const again = { ...env, PORT: new URL(url).port }
  const deadline = performance.now() + seconds * 1000
  let kills = 0
  const isEnough = (): boolean =>
    kills >= LEAST_KILLS && scene.history.readings.length >= LEAST_READINGS
  while (performance.now() < deadline || !isEnough()) {
    await sleep(random() * 2 * BETWEEN_KILLS_MS)
    await end(server, random() < SUDDEN ? 'SIGKILL' : 'SIGTERM', scene.history)
    server = await startProcess(again)
    kills++
  }
  over.abort()
  await Promise.all(acting)
  return { history: scene.history, outcome: await outcomeOf(url, scene), kills }
}

async function end(
  server: ServerProcess,
  signal: NodeJS.Signals,
  { faults }: History,
): Promise<void> {
  const code = await server.end(signal)
  if (signal === 'SIGTERM' && code !== 0) faults.push(`SIGTERM ended the server with ${code}`)
}

function settings(folder: string, { baseURL }: Model): Record<string, string> {
  return {
    STORE: `sqlite:${join(folder, 'chatai.db')}`,
    ...modelIn(folder, 'counter', baseURL),
    IDLE_TIMEOUT_MS: String(IDLE_MS),
    FIRST_BYTE_TIMEOUT_MS: String(IDLE_MS),
    DRAIN_TIMEOUT_MS: '300',
    RATE_LIMIT_PER_MINUTE: '1000000',
  }
}

/** Wait for what is still being written, and read all there is. */
async function outcomeOf(url: string, { known, history, model }: Scene): Promise<Outcome> {
  const wire = sseWire(url)
  const logs = new Map<string, string[]>()
  for (const generation of new Set([...known.keys(), ...history.readings.map(r => r.generation)])) {
    const heard = await wire.attach(generation).then(rest, error => {
      history.faults.push(`${generation} cannot be read in the end: ${String(error)}`)
      return []
    })
    if (heard.length > 0)
      logs.set(
        generation,
        heard.map(({ json }) => json),
      )
  }
  const answers = new Map<string, string>()
  const conversations = new Map<string, number>()
  for await (const { turns } of everyConversation(url)) {
    const name = / as (\S+)\.$/.exec(turns[0]?.content ?? '')?.[1] ?? ''
    conversations.set(name, (conversations.get(name) ?? 0) + 1)
    for (const { generation, content } of turns)
      if (generation !== undefined) answers.set(generation, content)
  }
  return { logs, answers, conversations, said: model.said }
}

async function* everyConversation(url: string): AsyncGenerator<ConversationWithTurns> {
  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${url}/api/ai/chat/conversations${path}`)).json()) as T
  let next: string | undefined = ''
  while (next !== undefined) {
    const page: ConversationPage = await get(`?limit=100${next && `&after=${next}`}`)
    for (const { id } of page.conversations) yield get<ConversationWithTurns>(`/${id}`)
    next = page.next
  }
}
