import type { Test } from 'tap'

import type { Conversation, Store, Turn } from '../../src/core/conversation.ts'
import { decode, type Ending, type Fact, type Line, type Started } from '../../src/core/event.ts'
import type { Log } from '../../src/core/log.ts'

/** A fresh store for one test, closed by its teardown. */
export type OpenStore = (t: Test, options: { now: () => number }) => Store | Promise<Store>

export const started = (conversation: string | null = null): Started => ({
  type: 'started',
  conversation,
  model: 'demo',
  params: { temperature: 0.5 },
  at: 1,
})

export const text = (text: string): Fact => ({ type: 'text', text })

export const done: Ending = { type: 'done', reason: 'complete' }

export const conversation = (id: string, updatedAt = 1): Conversation => ({
  id,
  owner: '',
  title: `About ${id}`,
  createdAt: 1,
  updatedAt,
  head: null,
})

export const turn = (id: string, rest: Partial<Turn> = {}): Turn => ({
  id,
  parent: null,
  role: 'user',
  content: `Content of ${id}`,
  at: 1,
  ...rest,
})

/** All lines after a cursor, read by read. */
export async function readAll(log: Log, generation: string, after = 0): Promise<Line[]> {
  const all: Line[] = []
  for (let cursor = after; ;) {
    const lines = (await log.read(generation, cursor)) ?? []
    if (lines.length === 0) return all
    all.push(...lines)
    cursor = lines.at(-1)?.seq ?? cursor
  }
}

/** What the text events of a log say, one string each. */
export async function textsOf(log: Log, generation: string): Promise<string[]> {
  const events = (await readAll(log, generation)).map(decode)
  return events.flatMap(event => (event.type === 'text' ? [event.text] : []))
}
