import type { Readable } from 'node:stream'

/** The text of a stream, taken by whoever is ready for it: all that has arrived, in one piece. */
export interface Intake {
  /** What has arrived since the last time, '' if nothing; throws what broke the stream. */
  take(): string
  /** Be called, once, when something has arrived, or nothing will any more: at once, if so. */
  wait(wake: () => void): void
  /** Nothing will arrive any more; what has can still be taken. */
  over(): boolean
  /** Stop taking; the stream is whoever's it was. */
  leave(): void
}

/** The stream is held back while this many characters wait to be taken. */
const FULL_CHARS = 65_536

/** Call something at the end of this tick of the event loop. */
export type AtEnd = (then: () => void) => void

/**
 * What arrives for many streams in one tick is told at its end: each then does the same as the one
 * before it, whose code and data are still in the processor's caches. One by one, as they are read, a
 * token of 1,000 streams costs a quarter more. While nothing else arrives, the end is now.
 */
export function createTickEnd(): AtEnd {
  let waiting: (() => void)[] = []
  function end(): void {
    const ready = waiting
    waiting = []
    for (const then of ready) then()
  }
  return then => {
    if (waiting.length === 0) setImmediate(end)
    waiting.push(then)
  }
}

/** The stream must yield strings; it is taken in as it flows, without a promise a piece. */
export function createIntake(stream: Readable, atEnd: AtEnd): Intake {
  let text = ''
  let over = false
  let broken: Error | undefined
  // Invariant: nobody waits beyond this tick while there is something to take.
  let wake: (() => void) | undefined

  function change(): void {
    const waiting = wake
    wake = undefined
    waiting?.()
  }
  function arrive(piece: string): void {
    if (text === '' && wake !== undefined) atEnd(change)
    text += piece
    if (text.length >= FULL_CHARS) stream.pause()
  }
  function end(error?: Error): void {
    if (!over) broken = error
    over = true
    change()
  }
  const whole = (): void => end()
  const cut = (): void => end(new Error('The stream was closed before its end'))
  stream.on('data', arrive).on('end', whole).on('error', end).on('close', cut)

  return {
    take() {
      const taken = text
      text = ''
      if (taken.length >= FULL_CHARS) stream.resume()
      if (taken === '' && broken !== undefined) throw broken
      return taken
    },
    wait(waiting) {
      wake = waiting
      if (text !== '' || over) change()
    },
    over: () => over,
    leave() {
      stream.off('data', arrive).off('end', whole).off('error', end).off('close', cut)
    },
  }
}
