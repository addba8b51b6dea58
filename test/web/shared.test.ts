/** One link of two: who gets a slot streams over SSE, and nobody is left without an answer. */
import t from 'tap'
import type { Item, Link } from '../../web/link/link.ts'
import { openSharedLink } from '../../web/shared.ts'
import type { Slot } from '../../web/slots.ts'
import type { Action, State } from '../../web/state.ts'
import { initial } from '../../web/chat.ts'
import { createWatcher } from '../../web/watcher.ts'

const item = (seq: number, type = 'text'): Item =>
  ({ generation: 'gen_1', seq, type, text: String(seq) }) as unknown as Item

/** A link that says five numbers and the end; what is asked of it is noted under its name. */
function fake(name: string, notes: string[]): Link {
  return {
    async start() {
      notes.push(`${name} start`)
      return 'gen_1'
    },
    async *events(_generation, after, signal) {
      notes.push(`${name} after ${after}`)
      try {
        for (let seq = after + 1; seq <= 6; seq++) {
          if (signal?.aborted) return
          yield [item(seq, seq === 6 ? 'done' : 'text')]
        }
      } finally {
        notes.push(`${name} left`)
      }
    },
    stop: async () => void notes.push(`${name} stop`),
    update: async () => void notes.push(`${name} update`),
  }
}

function share(slots: number) {
  const notes: string[] = []
  const lost = new AbortController()
  const crowded: boolean[] = []
  let free = slots
  const claim = async (): Promise<Slot | undefined> => {
    if (free === 0) return undefined
    free--
    return { lost: lost.signal, release: () => free++ }
  }
  const link = openSharedLink({
    sse: fake('sse', notes),
    websocket: fake('websocket', notes),
    claim,
    crowded: is => crowded.push(is),
  })
  return { link, notes, lost, crowded, free: () => free }
}

async function read(link: Link, each: (seq: number) => void = () => undefined): Promise<number[]> {
  const seqs: number[] = []
  for await (const items of link.events('gen_1', 0)) {
    seqs.push(...items.map(({ seq }) => seq))
    each(seqs.length)
  }
  return seqs
}

void t.test('a slot carries an answer over SSE, and is free after it', async t => {
  const { link, notes, crowded, free } = share(1)
  await link.start({ message: 'why?' })
  t.equal(free(), 0)
  t.strictSame(await read(link), [1, 2, 3, 4, 5, 6])
  t.strictSame(notes, ['sse start', 'sse after 0', 'sse left'])
  t.equal(crowded.at(-1), false)
  t.equal(free(), 1)
})

void t.test('without a slot the answer comes over WebSocket', async t => {
  const { link, notes, crowded } = share(0)
  await link.start({ message: 'why?' })
  t.strictSame(await read(link), [1, 2, 3, 4, 5, 6])
  t.strictSame(notes, ['websocket start', 'websocket after 0', 'websocket left'])
  t.equal(crowded.at(-1), true)
})

void t.test('an answer whose slot is lost goes on over WebSocket', async t => {
  const { link, notes, lost, free } = share(1)
  const seqs = await read(link, length => length === 3 && lost.abort())
  t.strictSame(seqs, [1, 2, 3, 4, 5, 6])
  t.strictSame(notes, ['sse after 0', 'sse left', 'websocket after 3', 'websocket left'])
  t.equal(free(), 1)
})

void t.test('a slot that is lost with the last event carries nothing more', async t => {
  const { link, notes, lost } = share(1)
  await read(link, length => length === 6 && lost.abort())
  t.strictSame(notes, ['sse after 0', 'sse left'])
})

void t.test('a start in vain gives its slot back', async t => {
  const { lost } = share(1)
  const notes: string[] = []
  const refused: Link = { ...fake('sse', notes), start: () => Promise.reject(new Error('no')) }
  const link = openSharedLink({
    sse: refused,
    websocket: refused,
    claim: async () => ({ lost: lost.signal, release: () => notes.push('released') }),
    crowded: () => undefined,
  })
  await t.rejects(link.start({ message: 'why?' }))
  t.strictSame(notes, ['released'])
})

void t.test('an answer that was left before it began keeps no connection', async t => {
  const notes: string[] = []
  const begun = Promise.withResolvers<string>()
  const left = Promise.withResolvers<void>()
  const link: Link = {
    ...fake('sse', notes),
    start: () => begun.promise,
    async *events() {
      try {
        yield [item(1)]
      } finally {
        left.resolve()
      }
    },
  }
  const state: State = initial({ language: 'en', transport: 'sse', model: undefined, params: {} })
  const actions: Action[] = []
  const watcher = createWatcher({
    link: () => link,
    state: () => state,
    dispatch: action => actions.push(action),
    onStarted: () => undefined,
  })
  const started = watcher.start({ message: 'why?' })
  watcher.leave()
  begun.resolve('gen_1')
  await started
  await left.promise
  t.strictSame(actions, [])
})
