/** The laws of a stream, for every transport: sse.test.ts and websocket.test.ts run them. */
import type { Test } from 'tap'
import type { Wire } from '../support/wire.ts'
import { stopping, updating } from './command.laws.ts'
import { reading } from './reading.laws.ts'
import { setting } from './scene.ts'
import { starting } from './start.laws.ts'

export function streamLaws(t: Test, open: (t: Test, url: string) => Wire): void {
  for (const store of ['memory', 'sqlite'] as const) {
    t.test(`on ${store}`, async t => {
      for (const law of [reading, stopping, updating, starting]) law(t, setting(open, store))
    })
  }
}
