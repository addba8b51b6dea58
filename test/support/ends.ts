import type { Teardown } from './upstream.ts'

/** What a program without a test runner has to undo. */
export interface Ends extends Teardown {
  /** Undo it all, the last first. */
  run(): Promise<void>
}

export function createEnds(): Ends {
  const ends: (() => unknown)[] = []
  return {
    teardown: end => ends.push(end),
    async run() {
      for (const end of ends.splice(0).toReversed()) await end()
    },
  }
}
