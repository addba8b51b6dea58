/** A race by hand: what happens on its lanes, and when. */
import type { Item } from '../../web/link/link.ts'
import { initial, reduce } from '../../web/race/reduce.ts'
import type { Action, At, State } from '../../web/race/state.ts'
import type { Model } from '../../web/state.ts'

const generation = 'gen_AAAAAAAAAAAAAAAAAAAAAA'

export const model = (id: string, change: Partial<Model> = {}): Model => ({
  id,
  label: id.toUpperCase(),
  provider: 'test',
  ready: true,
  contextWindow: 1000,
  preferred: id === 'one',
  ...change,
})

export const fresh = (models = [model('one'), model('two')]): State =>
  initial(models, { language: 'en', transport: 'sse', model: undefined, params: {} }, 'count')

export const run = (state: State, ...actions: readonly Action[]): State =>
  actions.reduce(reduce, state)

export const text = (seq: number, said = 'four'): Item => ({
  generation,
  seq,
  type: 'text',
  text: said,
})
export const done = (seq: number): Item => ({ generation, seq, type: 'done', reason: 'complete' })
export const usage = (seq: number, output: number): Item => ({
  generation,
  seq,
  type: 'usage',
  input: 1,
  output,
  estimated: false,
})
export const reset: Item = { generation, seq: 0, type: 'reset' }

export const off = (lane: At, at: number): Action => ({ type: 'off', lane, at })
export const items = (lane: At, at: number, ...items: readonly Item[]): Action => ({
  type: 'items',
  lane,
  at,
  bytes: at,
  items,
})
export const away = (lane: At, at: number): Action => ({
  type: 'connection',
  lane,
  at,
  bytes: 0,
  connection: 'resuming',
})

/** A whole race: the first tokens at `first`, the ends at `last`, four tokens on each lane. */
export const race = (
  first: readonly [number, number],
  last: readonly [number, number],
): Action[] => [
  { type: 'lined-up' },
  off(0, 1000),
  off(1, 1000),
  items(0, first[0], text(1)),
  items(1, first[1], text(1)),
  items(0, last[0], text(2, 'four four '), usage(3, 4), done(4)),
  items(1, last[1], text(2, 'four four '), usage(3, 4), done(4)),
]
