/** What a model server can do to an answer, each as a script drawn from a seed, with its end. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Exchange,
  type Step,
  chunk,
  chunks,
  end,
  finish,
  hangUp,
  head,
  reply,
  reset,
  write,
} from '../support/script.ts'

/** The watchdogs of the server under test. */
export const SILENCE_MS = 8000
export const OUTPUT_BYTES = 20_000

export interface Fault {
  /** The terminal event: `reason` of done, `code` of failed. */
  readonly end: string
  /** All that was sent arrives; a reset may take what was still under way. */
  readonly whole?: boolean
  /** Says the answer, writing down in `sent` what left. */
  play(teller: Teller): Step[]
}

/** Tells an answer of random length in random pieces, and keeps account of it. */
export interface Teller {
  readonly random: () => number
  /** So many pieces, one chunk each. */
  tell(pieces: number): Step
  /** The same, byte by byte. */
  spell(pieces: number): Step
}

const never: Step = ({ request }: Exchange) => request.closed
const pause =
  (ms: number): Step =>
  () =>
    sleep(ms)
const some = ({ random }: Teller): number => 1 + Math.floor(random() * 20)

/** Ends of one kind are written once. */
const done = (play: Fault['play']): Fault => ({ end: 'complete', whole: true, play })
const broken = (play: Fault['play']): Fault => ({ end: 'provider_broken', whole: true, play })
const silent = (play: Fault['play']): Fault => ({ end: 'provider_timeout', whole: true, play })
const away = (step: Step): Fault => ({ end: 'provider_unavailable', play: () => [step] })
const refused = (status: number): Fault => ({
  end: 'provider_rejected',
  play: () => [reply(status, { error: { message: 'no' } })],
})

export const faults: Readonly<Record<string, Fault>> = {
  none: done(of => [head(), of.tell(some(of)), finish(), end]),
  slow: done(of => [pause(400), head(), of.tell(2), pause(400), of.tell(3), finish(), end]),
  split: done(of => [head(), of.spell(3), finish(), end]),
  commented: done(of => [
    head(),
    write(': hello\n\n'),
    of.tell(some(of)),
    write(':\r\n\r\n'),
    finish(),
    end,
  ]),
  unfinished: broken(of => [head(), of.tell(some(of)), end]),
  hung: broken(of => [head(), of.tell(some(of)), hangUp]),
  garbled: broken(of => [head(), of.tell(some(of)), write('data: {"choices":[{"del\n\n'), end]),
  page: broken(() => [reply(200, '<html>Please log in</html>')]),
  halved: broken(of => [head(), of.tell(some(of)), write('data: {"choi'), end]),
  cut: { end: 'provider_broken', play: of => [head(), of.tell(some(of)), reset] },
  mute: silent(() => [never]),
  headless: silent(() => [head(), never]),
  stalled: silent(of => [head(), of.tell(some(of)), never]),
  chatter: silent(of => [head(), of.tell(1), comments]),
  short: {
    end: 'length',
    whole: true,
    play: of => [head(), of.tell(some(of)), finish('length'), end],
  },
  flood: { end: 'length', play: of => [head(), of.tell(10_000)] },
  down: away(reply(503, 'down')),
  busy: away(reply(429, { error: {} }, { 'retry-after': '30' })),
  moved: away(reply(302, '', { location: 'http://127.0.0.1:9/' })),
  dead: away(reset),
  unknown: refused(404),
  unwelcome: refused(401),
}

/** Signs of life that are none. */
const comments: Step = async ({ socket, response }) => {
  while (!socket.destroyed) {
    response.write(': still here\n\n')
    await sleep(500)
  }
}

/** Keeps in `sent` what has left for an answer. */
export function createTeller(random: () => number, sent: (text: string) => void): Teller {
  const word = (): string => `${Math.floor(random() * 1e9).toString(36)} 字🙂\n`
  const each = (pieces: number, say: (text: string) => Step): Step => {
    return async exchange => {
      for (let i = 0; i < pieces && !exchange.socket.destroyed; i++) {
        const text = word()
        await say(text)(exchange)
        sent(text)
      }
    }
  }
  return {
    random,
    tell: pieces => each(pieces, content => chunks({ content })),
    spell: pieces =>
      each(pieces, content => {
        const event = Buffer.from(`data: ${JSON.stringify(chunk({ delta: { content } }))}\n\n`)
        return write(...Array.from(event, (_, i) => event.subarray(i, i + 1)))
      }),
  }
}
