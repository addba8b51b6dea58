import type { Readable } from 'node:stream'
import { atTickEnd } from '../tick.ts'

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

/**
 * The stream must yield strings; it is taken in as it flows, without a promise a piece, and whoever
 * waits is told at the end of the tick.
 */
export function createIntake(stream: Readable): Intake {
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
    if (text === '' && wake !== undefined) atTickEnd(change)
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
