import { once } from 'node:events'
import WebSocket from 'ws'
import type { Event, Reply } from '../../src/transports/wire.ts'
import type { Teardown } from './upstream.ts'
import { type Heard, type Reader, Refused, type Wire, isTerminal } from './wire.ts'

interface Inbox {
  readonly heard: Heard[]
  closed: boolean
  wake(): void
  arrival(): Promise<void>
}

/** One socket for all, opened at the first command; a reader that drops takes its socket with it. */
export function websocketWire(t: Teardown, url: string, key?: string): Wire {
  return {
    name: 'websocket',
    start: body => connect(t, url, key).then(line => line.read({ type: 'start', ...body })),
    attach: (generation, after) =>
      connect(t, url, key).then(line =>
        line.read({ type: 'attach', generation, ...(after !== undefined && { after }) }),
      ),
    stop: generation => connect(t, url, key).then(line => line.once({ type: 'stop', generation })),
    update: (generation, change) =>
      connect(t, url, key).then(line => line.once({ type: 'update', generation, ...change })),
  }
}

export interface Line {
  readonly socket: WebSocket
  /** Send a command and resolve with what its `accepted` says. */
  command(body: object): Promise<{ generation: string }>
  /** A command that is answered with events. */
  read(body: object): Promise<Reader>
  /** A command on a socket of its own. */
  once(body: object): Promise<void>
}

/** A socket of the test's own, with its commands matched to their replies. */
export async function connect(t: Teardown, url: string, key?: string): Promise<Line> {
  const protocols = ['chatai.v1', ...(key === undefined ? [] : [`bearer.${key}`])]
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/ai/chat/websocket`, protocols)
  const replies = new Map<string, PromiseWithResolvers<{ generation: string }>>()
  const inboxes = new Map<string, Inbox>()
  let count = 0
  t.teardown(() => socket.terminate())

  const inbox = (generation: string): Inbox => {
    const known = inboxes.get(generation) ?? createInbox()
    inboxes.set(generation, known)
    return known
  }
  socket.on('message', data => {
    const json = String(data)
    const said = JSON.parse(json) as Event | Reply
    if (!('id' in said)) {
      const box = inbox(said.generation)
      box.heard.push({ event: said, json })
      return box.wake()
    }
    const reply = replies.get(said.id ?? '')
    if (said.type === 'accepted') {
      inbox(said.generation).closed ||= said.ended === true
      return reply?.resolve({ generation: said.generation })
    }
    return reply?.reject(new Refused(said.code, said.message, said.retryAfter))
  })
  socket.on('close', () => {
    for (const box of inboxes.values()) {
      box.closed = true
      box.wake()
    }
    for (const reply of replies.values()) reply.reject(new Error('the socket closed'))
  })
  await once(socket, 'open')

  function command(body: object): Promise<{ generation: string }> {
    const id = String(++count)
    const reply = Promise.withResolvers<{ generation: string }>()
    replies.set(id, reply)
    socket.send(JSON.stringify({ id, ...body }))
    return reply.promise
  }
  return {
    socket,
    command,
    async read(body) {
      const { generation } = await command(body)
      const drop = (): void => socket.terminate()
      const pause = (ms: number): void => {
        socket.pause()
        setTimeout(() => socket.resume(), ms)
      }
      return Object.assign(drain(inbox(generation)), { generation, drop, pause })
    },
    async once(body) {
      await command(body)
      socket.close()
    },
  }
}

function createInbox(): Inbox {
  let next = Promise.withResolvers<void>()
  return {
    heard: [],
    closed: false,
    wake() {
      next.resolve()
      next = Promise.withResolvers<void>()
    },
    arrival: () => next.promise,
  }
}

async function* drain(box: Inbox): AsyncGenerator<Heard, void> {
  for (;;) {
    const next = box.heard.shift()
    if (next !== undefined) {
      yield next
      if (isTerminal(next.event)) return
    } else if (box.closed) return
    else await box.arrival()
  }
}
