/** One way for the laws to speak to either transport; what differs is only the framing. */
import type { Event } from '../../src/transports/wire.ts'

/** An event and the very text it came in. */
export interface Heard {
  readonly event: Event
  readonly json: string
}

/** A reader of one log. */
export interface Reader extends AsyncIterableIterator<Heard> {
  readonly generation: string
  /** Cut the connection without a word. */
  drop(): void
  /** Take nothing from the socket for a while; a reader that has none just does not read on. */
  pause?(ms: number): void
}

/** What a command was refused with: the code of the table. */
export class Refused extends Error {
  readonly code: string
  readonly retryAfter: number | undefined
  constructor(code: string, message: string, retryAfter?: number) {
    super(`${code}: ${message}`)
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** Each command throws Refused where the server refuses it. */
export interface Wire {
  readonly name: 'sse' | 'websocket'
  start(body: object): Promise<Reader>
  attach(generation: string, after?: number): Promise<Reader>
  stop(generation: string): Promise<void>
  update(generation: string, change: object): Promise<void>
}

/** All that is left of a log. */
export async function rest(reader: Reader): Promise<Heard[]> {
  const heard: Heard[] = []
  for await (const one of reader) heard.push(one)
  return heard
}

/** The next `count` events. */
export async function take(reader: Reader, count: number): Promise<Heard[]> {
  const heard: Heard[] = []
  while (heard.length < count) {
    const next = await reader.next()
    if (next.done === true) throw new Error(`ended after ${heard.length} of ${count} events`)
    heard.push(next.value)
  }
  return heard
}

/** Events up to and with the first of that type. */
export async function upTo(reader: Reader, type: Event['type']): Promise<Heard[]> {
  const heard: Heard[] = []
  for (;;) {
    const [next] = await take(reader, 1)
    if (next === undefined) throw new Error('unreachable')
    heard.push(next)
    if (next.event.type === type) return heard
  }
}

/** The answer as a client folds it. */
export const textOf = (heard: readonly Heard[]): string => answerOf(events(heard))

export function answerOf(all: readonly Event[]): string {
  let text = ''
  for (const event of all) {
    if (event.type === 'text') text += event.text
    if (event.type === 'updated' && event.mode === 'restart') text = ''
  }
  return text
}

export const isTerminal = ({ type }: Event): boolean => type === 'done' || type === 'failed'

export const events = (heard: readonly Heard[]): Event[] => heard.map(({ event }) => event)
